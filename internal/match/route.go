package match

// Route tells which ranker made an answer, and why that one.
type Route struct {
	// Model is the ranker's identity.
	Model string `json:"model,omitempty"`
	// Alias is under which it is in production, such as "sector/battery"; empty for one
	// that was asked for by its id.
	Alias string `json:"alias,omitempty"`
	// Why says what led to the alias.
	Why LocalText `json:"why,omitzero"`
	// Confidence, 0 to 1, is that of the sector where it was guessed; 0 where it was not.
	Confidence float64 `json:"confidence,omitempty"`
	// Change is the number of the newest change of what is in production that the answer
	// knew of.
	Change int64 `json:"change,omitempty"`
	// Pilot names the pilot that the answer takes part in, Arm the side of it that made
	// the answer, and Party, as a hash, whom it was given to.
	Pilot string `json:"pilot,omitempty"`
	Arm   string `json:"arm,omitempty"`
	Party string `json:"party,omitempty"`
}

// Sides of a pilot, as arms and as teams.
const (
	ChampionArm   = "champion"
	ChallengerArm = "challenger"
	// BothArms made an answer that is interleaved.
	BothArms = "interleaved"
)
