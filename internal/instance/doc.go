// Package instance puts the parts of Duijie together: a store, an embedder, the
// indexes, the catalog that keeps them in step and the engine that answers.
//
// Which part is which is told by Config; nothing here reads the environment.
//
// # Replicas
//
// Instances that share a store on a server (Config.Store) have a folder each: it holds
// their words, with the built-in index their vectors, and replica.json, which says of
// which store. With an index on a server one of them embeds for all; package catalog
// tells how. Which model is live each folder says for itself: start all replicas with
// the same flags.
//
// # Models
//
// Config says which model is wanted (none, with Config.Follow), the folder's models.json which one is live: the one
// whose vectors answer. Where they differ, the live one goes on answering while the
// vectors of the wanted one are made beside its own, at the pace of reembed.json. When
// they are complete, catalog and engine are swapped in one step, and then models.json is
// written: a process that ends in between does the swap again at its next start.
//
//	            wanted: B                   complete
//	live A ───────────────► A, B is built ───────────► live B, former A
//	  ▲  ▲                    │   ▲   │                   │        ▲
//	  │  │           Rollback │   │   │ ended             │        │ complete
//	  │  │                    ▼   └───┘ and started       │ Rollback
//	  │  └───────── live A, B rolled back                 ▼        │
//	  │                       ▲                 B, A catches up    │
//	  │                       └──── complete ─────────────┘        │
//	  └── wanted: B ── nothing is built ── Reembed ── A, B is built ┘
//
// What a rollback turned away from is remembered as rolled back. While it is, Config's
// wish for it counts for nothing, so that a restart with the settings of before does not
// undo the rollback; the settings of the former model agree with it. Reembed ends that,
// and so does a third model that becomes live.
//
// A start that chooses no model follows the folder (Config.Follow): its live model stays,
// what was being built is built, and Reembed builds what was rolled back. One that must
// not begin a change is refused with another model than the live one (Config.Same).
//
// The vectors of the former model are kept until they are dropped (DropOld). How a model
// is opened is kept in models.json too (Way; never a key), so that the live one is opened
// by a start whose settings are of another. Where that fails, words answer alone, and
// every answer says so.
//
// Callers rely on this: no answer is made of two models' vectors, and no answer waits
// for a building.
package instance
