/**
 * Foreign text in words for people: control and direction characters made visible, the length bounded, so that a
 * name can neither forge a line nor flood one (threats T13, T14).
 */
export function shownText(text: string, maxLength = 80): string {
  const visible = text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (visible.length <= maxLength) return visible;
  // Not between the halves of a surrogate pair.
  const isSplit = /[\ud800-\udbff]/.test(visible.charAt(maxLength - 2));
  return `${visible.slice(0, isSplit ? maxLength - 2 : maxLength - 1)}…`;
}
