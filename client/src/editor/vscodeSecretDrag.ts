import type { TreeDragAndDropController } from "vscode";
import { DataTransferItem } from "vscode";
import { isNameable } from "../entities/secretPath.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import { draggedText, secretMime } from "./draggedSecret.ts";

/** Lets a tree's secrets be dragged into an editor: their names, never a value. Nothing can be dropped on the tree. */
export function secretDrag<T>(subjectOf: (item: T) => SecretSubject | undefined): TreeDragAndDropController<T> {
  return {
    dragMimeTypes: [secretMime],
    dropMimeTypes: [],
    handleDrag: (items, transfer) => {
      const [item] = items;
      const subject = item === undefined || items.length > 1 ? undefined : subjectOf(item);
      if (subject !== undefined && isNameable(subject)) transfer.set(secretMime, new DataTransferItem(draggedText(subject)));
    },
  };
}
