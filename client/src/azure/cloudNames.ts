import type { Cloud } from "../../../server/src/core/model/vaultTarget.ts";

/** The clouds as people read them (Microsoft's names). */
export const cloudNames: Readonly<Record<Cloud, string>> = { public: "Azure", usgov: "Azure US Government", china: "Azure China (21Vianet)" };
