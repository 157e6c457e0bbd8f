package wire

// Skipped is one row of a file that was not taken, and why.
type Skipped struct {
	Row    int    `json:"row" doc:"the line on which it starts, where 1 has the headings; of GeoJSON the feature, from 1"`
	Name   string `json:"name,omitempty"`
	Source string `json:"source,omitempty" doc:"where the shop came from, such as node/21306881"`
	Reason string `json:"reason" doc:"why it was not taken, and what to do about it"`
}

// Imported is the report of an import.
type Imported struct {
	Rows    int       `json:"rows" doc:"all that were read"`
	Taken   int       `json:"taken" doc:"added, updated, or as they were before"`
	Added   int       `json:"added"`
	Updated int       `json:"updated"`
	Skipped int       `json:"skipped"`
	Skips   []Skipped `json:"skips" doc:"the rows that were not taken, and why; of signals the first 100"`
	Notes   []string  `json:"notes,omitempty" doc:"rows that were taken otherwise than they were written"`
	DryRun  bool      `json:"dry_run" doc:"true: nothing was changed"`
}
