import { apiVersionCases } from "./cases/apiVersions.ts";
import { challengeCases } from "./cases/challenge.ts";
import { deletionCases } from "./cases/deletion.ts";
import { listingCases } from "./cases/listing.ts";
import { policyCases } from "./cases/policies.ts";
import { resourceManagerCases } from "./cases/resourceManager.ts";
import { roleCases } from "./cases/roles.ts";
import { tokenCases } from "./cases/token.ts";
import { versionCases } from "./cases/versions.ts";
import { writingCases } from "./cases/writing.ts";
import type { ConformanceCase } from "./conformanceCase.ts";

/** What an implementation of Azure has to answer, as far as Keyline asks it. */
export const allCases: readonly ConformanceCase[] = [
  ...tokenCases,
  ...challengeCases,
  ...listingCases,
  ...versionCases,
  ...writingCases,
  ...deletionCases,
  ...roleCases,
  ...policyCases,
  ...apiVersionCases,
  ...resourceManagerCases,
];
