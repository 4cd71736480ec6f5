package rank

// WeakCut is the logit at which a judged pair is as likely of no use (level 1) as of any
// (levels 2 to 4): the first of fusionCuts, which were fitted on bdci2019 train.
const WeakCut = -2.77
