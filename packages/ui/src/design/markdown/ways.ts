/** The words of a text's parts, from the catalogue. */
export interface MarkdownWords {
  readonly copy: string;
  readonly copied: string;
  /** The name of a block of code; the language as the text names it, null where it names none. */
  readonly code: (language: string | null) => string;
  readonly table: string;
  /** A task of a list that is ticked, and one that is not. */
  readonly done: string;
  readonly open: string;
  /** Holds the path and the line as they are shown. */
  readonly openPlace: (words: string) => string;
}

/** What a text needs of its surroundings. One object for as long as nothing in it changes: blocks that are closed stay as they are then. */
export interface MarkdownWays {
  readonly words: MarkdownWords;
  /** Opens an address of http(s) outside of the app, as the platform does it. */
  readonly openOutside: (address: string) => void;
  /** Opens a place in a file, whose path the text gave. Without it, places are words. */
  readonly openPlace?: (path: string, line: number) => void;
  /** An end of line inside a paragraph is one on the page too. */
  readonly breaks?: boolean;
}
