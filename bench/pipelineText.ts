import type { SeededRandom } from "../test/core/seededRandom.ts";
import { seededRandom } from "../test/core/seededRandom.ts";

/** One secret reference for so many lines, as in real pipelines. */
const linesPerSecret = 12;

const products = ["storefront", "checkout", "invoicing", "shipping", "inventory", "loyalty", "pricing", "returns"];
const purposes = ["db_password", "api_token", "signing_key", "registry_password", "webhook_url", "tls_certificate"];
const scopes = ["", "", "org.", "account."];
const commands = [
  "set -eu",
  'echo "version $(git describe --always)"',
  "make test REPORT=out/report.xml",
  'docker build --tag "$REGISTRY/$IMAGE:$TAG" .',
  'kubectl --namespace "$NAMESPACE" rollout status "deployment/$IMAGE"',
  "# the cache is warmed once, then reused",
  'if [ "$BRANCH" = main ]; then ./release.sh --publish; fi',
  "echo <+pipeline.sequenceId> <+stage.name>",
  "jq '.checks[] | select(.state == \"failed\")' out/report.json",
];

/** A Harness pipeline of about that many lines; the same text for the same number, everywhere. */
export function pipelineText(lineCount: number): string {
  return new PipelineWriter(seededRandom(lineCount)).write(lineCount);
}

class PipelineWriter {
  readonly #random: SeededRandom;
  readonly #lines: string[] = [];
  #secrets = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  write(lineCount: number): string {
    this.#put(0, "pipeline:", "  name: Release", "  identifier: release", "  orgIdentifier: default", "  projectIdentifier: shop");
    this.#put(2, "variables:");
    for (let index = 0; index < 4; index++) this.#variable(4, index);
    this.#put(2, "stages:");
    for (let stage = 0; this.#lines.length < lineCount - 20; stage++) this.#stage(stage, lineCount);
    return `${this.#lines.join("\n")}\n`;
  }

  #stage(stage: number, lineCount: number): void {
    const name = `${this.#random.pick(products)} ${String(stage)}`;
    this.#put(4, "- stage:", `    name: Build ${name}`, `    identifier: build_${String(stage)}`, "    type: CI", "    spec:", "      cloneCodebase: true", "      execution:", "        steps:");
    for (let step = 0; step < 4 && this.#lines.length < lineCount - 20; step++) this.#step(14, `${String(stage)}_${String(step)}`);
    this.#put(8, "variables:");
    this.#variable(10, stage);
  }

  #step(indent: number, id: string): void {
    this.#put(indent, "- step:", "    type: Run", `    name: Run ${id}`, `    identifier: run_${id}`, "    timeout: 20m", "    spec:", "      connectorRef: account.registry", "      image: node:24", "      shell: Bash", "      command: |");
    for (let line = 0; line < 6 + this.#random.below(8); line++) this.#put(indent + 8, this.#wantsSecret() ? this.#secretCommand() : this.#random.pick(commands));
    this.#put(indent + 6, "envVariables:");
    for (let index = 0; index < 1 + this.#random.below(4); index++) this.#put(indent + 8, `V${String(index)}: ${this.#wantsSecret() ? this.#call() : '"<+pipeline.variables.region>"'}`);
  }

  #variable(indent: number, index: number): void {
    const isSecret = this.#wantsSecret();
    this.#put(indent, `- name: v${String(index)}`, `  type: ${isSecret ? "Secret" : "String"}`, `  value: ${isSecret ? this.#identifier() : "eu-west"}`);
  }

  #secretCommand(): string {
    const call = this.#call();
    return this.#random.pick([`curl --header "Authorization: Bearer ${call}" https://hooks.example.com/notify`, `export TOKEN=${call}`, `echo '${call}' | docker login --username ci --password-stdin`]);
  }

  #call(): string {
    const quote = this.#random.chance(0.9) ? '"' : "'";
    return `<+secrets.getValue(${quote}${this.#identifier()}${quote})>`;
  }

  #identifier(): string {
    this.#secrets++;
    return `${this.#random.pick(scopes)}${this.#random.pick(products)}_${this.#random.pick(purposes)}`;
  }

  #wantsSecret(): boolean {
    return this.#secrets < this.#lines.length / linesPerSecret;
  }

  #put(indent: number, ...lines: readonly string[]): void {
    for (const line of lines) this.#lines.push(" ".repeat(indent) + line);
  }
}
