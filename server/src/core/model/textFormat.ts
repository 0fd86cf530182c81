import { code, plain } from "./markdown.ts";
import { shownText } from "./shownText.ts";

/** How words and the foreign text among them are written for a client. */
export interface TextFormat {
  /** A name or another foreign text that is to be told apart from the words around it. */
  code(text: string, maxLength?: number): string;
  /** Words that may hold foreign text. */
  plain(text: string, maxLength?: number): string;
  strong(text: string): string;
}

export type TextFormatName = "markdown" | "plaintext";

const maxWords = 400;

export const textFormats: Readonly<Record<TextFormatName, TextFormat>> = {
  markdown: { code, plain, strong: (text) => `**${text}**` },
  plaintext: {
    code: (text, maxLength = 200) => (text === "" ? "(empty)" : `"${shownText(text, maxLength)}"`),
    plain: (text, maxLength = maxWords) => shownText(text, maxLength),
    strong: (text) => text,
  },
};
