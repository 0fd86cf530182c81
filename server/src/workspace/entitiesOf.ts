import type { Analysis, Entity } from "../core/index.ts";
import type { Locate } from "./fileUses.ts";

/**
 * The connectors and secrets of one text, with their places in lines where `locate` is given; undefined where it is too
 * long to be read for them. A piece of a string keeps the whole string in memory; a copy keeps only itself. Entities
 * are plain data.
 */
export function entitiesOf(analysis: Analysis, locate?: Locate): readonly Entity[] | undefined {
  if (analysis.tooLarge) return undefined;
  if (analysis.entities.length === 0) return [];
  const entities = locate === undefined ? analysis.entities : analysis.entities.map((entity) => located(entity, locate));
  return JSON.parse(JSON.stringify(entities)) as readonly Entity[];
}

function located(entity: Entity, locate: Locate): Entity {
  return { ...entity, origin: { ...entity.origin, identifierRange: locate(entity.origin.identifierSpan) } };
}
