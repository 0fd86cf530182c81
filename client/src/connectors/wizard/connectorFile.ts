/** A complete draft as the file that is written, and what is told of it. */
import { causeWords } from "../../azure/causeWords.ts";
import type { EntityFile, FilePlace } from "../../entities/entityFile.ts";
import { entityPath } from "../../entities/entityFile.ts";
import { noticeText } from "../../ui/noticeText.ts";
import { connectorYaml } from "../connectorYaml.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { draftContent } from "./connectorDraft.ts";

export function connectorFile(draft: ConnectorDraft): EntityFile | undefined {
  const content = draftContent(draft);
  if (content === undefined) return undefined;
  return { noun: "connector", path: entityPath(content.scope, "connectors", content.identifier), yaml: connectorYaml(content), status: [testLine(draft)] };
}

function testLine({ test, subscription }: ConnectorDraft): string {
  const missing = subscription === undefined || subscription === "" ? " No subscription is named: Harness's code refuses that." : "";
  if (test === undefined || test === "skipped") return `Not tested.${missing}`;
  return test === "passed" ? `Reading was tested and works.${missing}` : `The test failed: ${causeWords(test).short}. It is saved all the same.${missing}`;
}

export function writtenWords(draft: ConnectorDraft, place: FilePlace): string {
  const shown = noticeText(place.shown);
  const { test } = draft;
  if (test === undefined || test === "skipped") return `${shown} is written. The connector was not tested: run Keyline: Test Connection…`;
  if (test === "passed") return `${shown} is written. Reading works from this machine.`;
  return `${shown} is written, although the test failed, as Harness would save it: ${causeWords(test, "read").what} ${causeWords(test, "read").next}`;
}
