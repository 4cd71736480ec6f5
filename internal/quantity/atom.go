package quantity

import "strings"

// atom is a unit of one name, the part that compounds are made of.
type atom struct {
	name string
	unit Unit
	// raisable can have an exponent, inProducts can stand behind a multiplication.
	raisable, inProducts bool
	// counting marks words that count: 个, 台.
	counting bool
	// digitsOnly is no unit behind a Chinese numeral, small also behind one below
	// ten: 三元 is a material, 三米 a length.
	digitsOnly, small bool
	// under is a unit in denominators alone: 转/分.
	under bool
}

// node is a letter of the units' names.
type node struct {
	next map[rune]*node
	atom *atom
}

// atomAt reads the longest name of a unit at runes[i]; under allows those for
// denominators.
func atomAt(runes []rune, i int, under bool) (*atom, int) {
	var found *atom
	end := i
	at := &names
	for j := i; j < len(runes); j++ {
		at = at.next[runes[j]]
		if at == nil {
			break
		}
		if a := at.atom; a != nil && (under || !a.under) {
			found, end = a, j+1
		}
	}
	return found, end
}

// names is the tree of the names of units, units the same by name.
var names, units = named()

// table is what named builds.
type table struct {
	root  node
	units map[string]*atom
}

// named reads the table of units.
func named() (node, map[string]*atom) {
	t := table{root: node{next: map[rune]*node{}}, units: map[string]*atom{}}
	for _, line := range strings.Split(strings.TrimSpace(unitTable), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			t.addLine(line)
		}
	}
	for _, noun := range strings.Fields(countingWords) {
		t.add(noun, &atom{name: noun, counting: true, unit: Unit{Symbol: noun, Kind: noun, factor: 1}})
	}
	for noun, names := range sameCounts {
		for _, name := range strings.Fields(names) {
			t.add(name, t.units[noun])
		}
	}
	return t.root, t.units
}

func (t *table) add(name string, a *atom) {
	at := &t.root
	for _, r := range name {
		if at.next == nil {
			at.next = map[rune]*node{}
		}
		if at.next[r] == nil {
			at.next[r] = &node{}
		}
		at = at.next[r]
	}
	if at.atom == nil {
		at.atom = a
		t.units[name] = a
	}
}

// addLine adds a unit with all its names and prefixes. A line of the table is
//
//	names factor dimension [kind] [flags]
//
// with names apart by |, the first of them the symbol.
func (t *table) addLine(line string) {
	f := strings.Fields(line)
	spelt := strings.Split(f[0], "|")
	a := atom{name: spelt[0], unit: Unit{Symbol: strings.ReplaceAll(spelt[0], "_", " ")}}
	a.unit.factor = number(f[1])
	a.unit.Dimension = dimension(f[2])
	var latin, han string
	for _, flag := range f[3:] {
		key, value, _ := strings.Cut(flag, "=")
		switch key {
		case "kind":
			a.unit.Kind = value
		case "offset":
			a.unit.offset = number(value)
		case "prefix":
			latin = value
		case "前":
			han = value
		case "raise":
			a.raisable = true
		case "product":
			a.inProducts = true
		case "digits":
			a.digitsOnly = true
		case "small":
			a.small = true
		case "under":
			a.under = true
		}
	}
	for i, name := range spelt {
		name = strings.ReplaceAll(name, "_", " ")
		t.add(name, &a)
		t.addPrefixed(name, &a, i == 0, latin, han)
	}
}

// addPrefixed adds a unit with the prefixes allowed: Latin ones to its symbol and to
// names of Latin letters, Chinese ones to Chinese names.
func (t *table) addPrefixed(name string, a *atom, symbol bool, latin, han string) {
	if isHan([]rune(name)[0]) {
		for _, p := range han {
			with := *a
			with.unit.Symbol = hanPrefixes[p].symbol + a.unit.Symbol
			with.unit.factor = a.unit.factor * hanPrefixes[p].factor
			with.name = with.unit.Symbol
			t.add(string(p)+name, &with)
		}
		return
	}
	for _, p := range latin {
		with := *a
		with.unit.Symbol = string(p) + a.unit.Symbol
		with.unit.factor = a.unit.factor * latinPrefixes[p]
		with.name = with.unit.Symbol
		switch {
		case symbol || len([]rune(name)) <= 2:
			t.add(string(p)+name, &with)
			if p == 'μ' {
				t.add("u"+name, &with)
			}
			if p == 'k' && len(name) <= 2 {
				t.add("K"+name, &with)
			}
		default:
			t.add(latinWords[p]+name, &with)
		}
	}
}

var latinPrefixes = map[rune]float64{
	'p': 1e-12, 'n': 1e-9, 'μ': 1e-6, 'm': 1e-3, 'c': 1e-2, 'd': 1e-1,
	'h': 1e2, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12,
}

var latinWords = map[rune]string{
	'p': "pico", 'n': "nano", 'μ': "micro", 'm': "milli", 'c': "centi", 'd': "deci",
	'h': "hecto", 'k': "kilo", 'M': "mega", 'G': "giga", 'T': "tera",
}

var hanPrefixes = map[rune]struct {
	symbol string
	factor float64
}{
	'皮': {"p", 1e-12}, '纳': {"n", 1e-9}, '微': {"μ", 1e-6}, '毫': {"m", 1e-3}, '厘': {"c", 1e-2},
	'分': {"d", 1e-1}, '百': {"h", 1e2}, '千': {"k", 1e3}, '兆': {"M", 1e6}, '吉': {"G", 1e9},
}
