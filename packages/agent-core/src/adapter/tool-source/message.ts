/** What an analysis of one file found. Lines are 1-based. */
export interface FoundSymbol {
  readonly name: string;
  readonly line: number;
  readonly public: boolean;
}

export interface FoundImport {
  readonly specifier: string;
  readonly line: number;
}

export interface Analysis {
  readonly symbols: readonly FoundSymbol[];
  readonly imports: readonly FoundImport[];
}

/** Asked of the worker: one file's text, in the grammar of its extension. */
export interface AnalyseRequest {
  readonly id: number;
  readonly extension: string;
  readonly text: string;
}

/** `analysis` is null when no grammar reads the file. */
export interface AnalyseAnswer {
  readonly id: number;
  readonly analysis: Analysis | null;
}
