export const usage = `keyline checks every secret reference in Harness files along its whole chain.

  keyline check [PATH...]        check all *.yaml and *.yml under PATH (default: here)
    --format text|json           how to print (default text)
    --offline                    ask no vault: check texts, files and keyline.jsonc alone
    --fail-on error|warning|info|never
                                 the least severity that ends with 1 (default error)
    --config FILE                read this keyline.jsonc instead of the one found
    --force-exclude              apply include and exclude to files named as PATH too
    --require-verified           end with 3 where something could not be verified
    --vault NAME                 ask this vault only; may be repeated
    --credential azure-cli|environment
                                 how to sign in to Azure (default azure-cli)
    --read-json-keys             read values to know the key names of their JSON
  keyline references [PATH...] --format json
                                 list all references
  keyline lsp --stdio            start the language server
  keyline --help, --version

Ends with 2 on wrong usage, a broken configuration or a file that cannot be read, 1 on findings,
3 on something not verified with --require-verified, 0 otherwise; the first that holds.
`;
