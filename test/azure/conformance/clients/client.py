"""Microsoft's own clients for Python do with the local Azure what Keyline does with Azure.

They share no code with the clients that Keyline is built on, so that what both understand is not only our own opinion
of Azure. Reads where to go from the environment, prints one line of JSON for each case, and knows nothing of tests:
the proxy and its authority are found as in any company's network.
"""

import json
import os

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.subscription import SubscriptionClient

plan = json.loads(os.environ["CONFORMANCE_PLAN"])
once = {"retry_total": 0}
vault_scope = "https://vault.azure.net/.default"


def credential(who="owner", secret=None, tenant=None):
    principal = plan[who]
    return ClientSecretCredential(tenant or plan["tenant"], principal["clientId"], secret or principal["clientSecret"], **once)


def client(vault="roleVault", who="owner", **options):
    return SecretClient(f"https://{plan[vault]}.vault.azure.net", credential(who), **once, **options)


def refused(kind, action):
    try:
        action()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} did not come")


def same(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def inner_code(error):
    return json.loads(error.response.text())["error"].get("innererror", {}).get("code")


def gives_a_token():
    assert credential().get_token(vault_scope).token.count(".") == 2


def tells_a_wrong_client_secret():
    assert "AADSTS7000215" in str(refused(ClientAuthenticationError, lambda: credential(secret="wrong-secret-not-real").get_token(vault_scope)))


def tells_an_unknown_tenant():
    unknown = credential(tenant="11111111-2222-3333-4444-555555555555")
    text = str(refused(Exception, lambda: unknown.get_token(vault_scope)))
    assert "Unable to get authority configuration" in text and "your tenant name or GUID is correct" in text, text


def refuses_an_unknown_audience():
    assert "AADSTS500011" in str(refused(ClientAuthenticationError, lambda: credential().get_token("https://vault.example/.default")))


def follows_the_challenge_and_lists_over_pages():
    vault = client()
    for index in range(30):
        vault.set_secret(f"page-{index:02}", "demo value")
    pages = [[secret.name for secret in page] for page in vault.list_properties_of_secrets().by_page()]
    same([len(page) for page in pages], [25, 5])
    same(len({name for page in pages for name in page}), 30)


def sets_and_gets_with_every_attribute():
    vault = client()
    made = vault.set_secret("full", "demo value", content_type="text/plain", tags={"purpose": "test"}, enabled=True)
    got = vault.get_secret("full")
    same((got.value, got.properties.version, got.properties.content_type, got.properties.tags), ("demo value", made.properties.version, "text/plain", {"purpose": "test"}))
    same((got.properties.recovery_level, got.properties.recoverable_days), ("Recoverable+Purgeable", 90))


def lists_versions_and_reads_an_old_one():
    vault = client()
    first = vault.set_secret("turn", "one").properties.version
    second = vault.set_secret("turn", "two").properties.version
    same({one.version for one in vault.list_properties_of_secret_versions("turn")}, {first, second})
    same((vault.get_secret("turn").value, vault.get_secret("turn", first).value), ("two", "one"))
    same(list(vault.list_properties_of_secret_versions("nothing")), [])


def updates_and_meets_a_disabled_secret():
    vault = client()
    vault.set_secret("off", "demo value")
    same(vault.update_secret_properties("off", enabled=False).enabled, False)
    error = refused(HttpResponseError, lambda: vault.get_secret("off"))
    same((error.status_code, inner_code(error)), (403, "SecretDisabled"))


def deletes_recovers_and_purges():
    vault = client()
    vault.set_secret("gone", "demo value")
    deleted = vault.begin_delete_secret("gone").result()
    same((deleted.scheduled_purge_date - deleted.deleted_date).days, 90)
    error = refused(ResourceExistsError, lambda: vault.set_secret("gone", "again"))
    same(inner_code(error), "ObjectIsDeletedButRecoverable")
    same([one.name for one in vault.list_deleted_secrets()], ["gone"])
    vault.begin_recover_deleted_secret("gone").wait()
    same(vault.get_secret("gone").value, "demo value")
    vault.begin_delete_secret("gone").wait()
    vault.purge_deleted_secret("gone")
    refused(ResourceNotFoundError, lambda: vault.get_deleted_secret("gone"))


def cannot_purge_a_protected_vault():
    vault = client("protectedVault")
    vault.set_secret("kept", "demo value")
    vault.begin_delete_secret("kept").wait()
    error = refused(HttpResponseError, lambda: vault.purge_deleted_secret("kept"))
    same((error.status_code, error.error.code, "purge protection is enabled" in error.message), (403, "Forbidden", True))


def speaks_every_api_version_that_it_knows():
    for version in ("7.4", "7.5", "7.6", "2025-07-01"):
        list(client(api_version=version).list_properties_of_secrets())


def a_reader_lists_and_reads_no_value():
    vault = client(who="reader")
    assert any(secret.name == "full" for secret in vault.list_properties_of_secrets())
    error = refused(HttpResponseError, lambda: vault.get_secret("full"))
    same((error.status_code, inner_code(error)), (403, "ForbiddenByRbac"))


def a_policy_without_get_reads_no_value():
    client("policyVault").set_secret("key", "demo value")
    same([secret.name for secret in client("policyVault", "reader").list_properties_of_secrets()], ["key"])
    same(inner_code(refused(HttpResponseError, lambda: client("policyVault", "reader").get_secret("key"))), "ForbiddenByPolicy")


def finds_subscriptions_and_vaults_over_pages():
    same([(one.subscription_id, one.state) for one in SubscriptionClient(credential(), **once).subscriptions.list()], [(plan["subscription"], "Enabled")])
    vaults = KeyVaultManagementClient(credential(), plan["subscription"], **once).vaults
    found = {vault.name: vault.properties for vault in vaults.list_by_subscription(top=1)}
    same(set(found), {plan["roleVault"], plan["policyVault"], plan["protectedVault"]})
    same((found[plan["roleVault"]].enable_rbac_authorization, found[plan["policyVault"]].enable_rbac_authorization), (True, False))
    same((found[plan["protectedVault"]].enable_purge_protection, found[plan["roleVault"]].enable_purge_protection), (True, None))
    same(found[plan["roleVault"]].vault_uri, f"https://{plan['roleVault']}.vault.azure.net/")


def asks_whether_a_vault_name_is_free():
    vaults = KeyVaultManagementClient(credential(), plan["subscription"], **once).vaults
    same(vaults.check_name_availability({"name": "free-name-kv", "type": "Microsoft.KeyVault/vaults"}).name_available, True)
    taken = vaults.check_name_availability({"name": plan["roleVault"], "type": "Microsoft.KeyVault/vaults"})
    same((taken.name_available, taken.reason.value), (False, "AlreadyExists"))


def without_reader_sees_no_vault():
    error = refused(HttpResponseError, lambda: list(KeyVaultManagementClient(credential("reader"), plan["subscription"], **once).vaults.list_by_subscription()))
    same((error.status_code, error.error.code), (403, "AuthorizationFailed"))


for case in [
    gives_a_token,
    tells_a_wrong_client_secret,
    tells_an_unknown_tenant,
    refuses_an_unknown_audience,
    follows_the_challenge_and_lists_over_pages,
    sets_and_gets_with_every_attribute,
    lists_versions_and_reads_an_old_one,
    updates_and_meets_a_disabled_secret,
    deletes_recovers_and_purges,
    cannot_purge_a_protected_vault,
    speaks_every_api_version_that_it_knows,
    a_reader_lists_and_reads_no_value,
    a_policy_without_get_reads_no_value,
    finds_subscriptions_and_vaults_over_pages,
    asks_whether_a_vault_name_is_free,
    without_reader_sees_no_vault,
]:
    result = {"name": "Python: " + case.__name__.replace("_", " "), "passed": True}
    try:
        case()
    except Exception as error:  # Whatever went wrong is the case's result.
        result = {**result, "passed": False, "problem": f"{type(error).__name__}: {error}"}
    print(json.dumps(result), flush=True)
