import { isGuid } from "../../../../server/src/core/model/vaultTarget.ts";

export function guidProblem(text: string): string | undefined {
  return isGuid(text) ? undefined : "Enter a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.";
}
