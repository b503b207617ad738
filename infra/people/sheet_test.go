package main

import (
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/routing"
)

func TestAFileIsReadHoweverASpreadsheetSavedIt(t *testing.T) {
	text, err := os.ReadFile(examples + "workers.csv")
	if err != nil {
		t.Fatal(err)
	}
	semicolons := string(text)
	quoted := func(separator string) string {
		var lines []string
		for line := range strings.Lines(semicolons) {
			lines = append(lines, `"`+strings.ReplaceAll(strings.TrimSpace(line), ";", `"`+separator+`"`)+`"`)
		}
		return strings.Join(lines, "\n")
	}
	for name, content := range map[string]string{
		"byte order mark and Windows line ends": "\uFEFF" + strings.ReplaceAll(semicolons, "\n", "\r\n"),
		"commas with everything quoted":         quoted(","),
		"semicolons with everything quoted":     quoted(";"),
		"empty lines and empty cells below":     strings.ReplaceAll(semicolons, "\n", "\n\n") + ";;;;;;;;;;;\n",
		"headings in capitals":                  strings.Replace(semicolons, "medewerker;naam;e-mail", "Medewerker; NAAM ;E-mail", 1),
		"letters in two parts":                  strings.ReplaceAll(semicolons, "ö", "o\u0308"),
		"a column without a heading, empty":     strings.ReplaceAll(semicolons, "\n", ";\n"),
	} {
		t.Run(name, func(t *testing.T) {
			o := staffed(t)
			printed, err := o.people(file(t, content))
			if err != nil || !strings.Contains(printed, ": 0 veranderingen\n") {
				t.Errorf("%v\n%s", err, printed)
			}
		})
	}
}

const head = "medewerker;naam;e-mail;telefoon;functie;team;rollen;disciplines;talen;uren;buurturen;uit dienst op"

func TestEveryFaultOfAFileIsTold(t *testing.T) {
	for name, tt := range map[string]struct {
		lines []string
		want  []string
	}{
		"everything wrong on one line": {
			[]string{head, "Anna B;;geen mail;12;;oost;baas;tuin;Deens;60;-1;ooit"},
			[]string{
				"regel 2, kolom medewerker: gebruik hoogstens 40 kleine letters, cijfers en streepjes",
				"regel 2, kolom naam: vul dit in",
				"regel 2, kolom e-mail: vul een e-mailadres in, bijvoorbeeld anna@wijkteam.example",
				"regel 2, kolom telefoon: vul een nummer in, bijvoorbeeld 06 12345678",
				"regel 2, kolom functie: vul dit in",
				"regel 2, kolom team: kies uit: noord, midden-zuid",
				"regel 2, kolom rollen: kies uit: aandachtsfunctionaris, beheerder, coördinator, ervaringswerker, partner, privacyfunctionaris",
				"regel 2, kolom disciplines: kies uit: geestelijke gezondheid, generalist, jeugd, schuldhulp, wonen",
				"regel 2, kolom talen: kies uit: arabisch, engels, nederlands, oekraïens, pools, somalisch, tigrinya, turks",
				"regel 2, kolom uren: vul hele uren in, van 0 tot en met 48",
				"regel 2, kolom buurturen: een formule kan niet, typ de waarde zelf",
				"regel 2, kolom uit dienst op: schrijf een datum, bijvoorbeeld 1-12-2026",
			},
		},
		"an address that no mail is sent to": {
			[]string{head, "rene;René;rené@wijkteam.example;06 12345678;a;noord;;generalist;Nederlands;8;0;"},
			[]string{"regel 2, kolom e-mail: schrijf het e-mailadres met gewone letters, van a tot en met z"},
		},
		"formulas and what nobody sees": { // threat:T09
			[]string{head, `w1;=1+1;@som;+31 6 12345678;"a	b";noord;;generalist;Nederlands;8;0;`, "w2;-cmd;w2@a.example;+som;c;noord;;generalist;Nederlands;8;0;"},
			[]string{
				"regel 2, kolom naam: een formule kan niet, typ de waarde zelf",
				"regel 2, kolom e-mail: een formule kan niet, typ de waarde zelf",
				"regel 2, kolom functie: er staan tekens in die je niet ziet, typ de cel opnieuw",
				"regel 3, kolom naam: een formule kan niet, typ de waarde zelf",
				"regel 3, kolom telefoon: vul een nummer in, bijvoorbeeld 06 12345678",
			},
		},
		"a role that stands aside, and another": {
			[]string{head, "w1;Anna;a@b.example;0612345678;f;noord;coördinator, beheerder;;Nederlands;8;0;"},
			[]string{"regel 2, kolom rollen: beheerder, privacyfunctionaris en partner gaan niet samen met een andere rol, kies er één"},
		},
		"what is there twice": {
			[]string{
				head, "w1;Anna;A@b.example;0612345678;f;noord;coördinator, coördinator;generalist;Nederlands;8;0;",
				"", "w1;Bram;a@B.example;0612345678;f;noord;;generalist;Nederlands;8;9;",
			},
			[]string{
				"regel 2, kolom rollen: een woord staat er twee keer",
				"regel 4, kolom medewerker: dit staat ook op regel 2, maak er één van",
				"regel 4, kolom e-mail: dit staat ook op regel 2, maak er één van",
				"regel 4, kolom buurturen: dit is meer dan de uren, kies een lager getal",
			},
		},
		"words of the service itself, and too long": {
			[]string{head, "resident;" + strings.Repeat("n", 101) + ";a@b.example;0612345678;f;noord;;;Nederlands;8;0;"},
			[]string{
				"regel 2, kolom medewerker: dit woord gebruikt de dienst zelf, kies een ander",
				"regel 2, kolom naam: gebruik hoogstens 100 tekens",
			},
		},
		"no languages, and half hours": {
			[]string{head, "w1;Anna;a@b.example;0612345678;f;noord;;generalist;;8,5;0;"},
			[]string{
				"regel 2, kolom talen: vul dit in, bijvoorbeeld Nederlands",
				"regel 2, kolom uren: vul hele uren in, van 0 tot en met 48",
			},
		},
		"headings that are missing, unknown and there twice": {
			[]string{"medewerker;naam;naam;e-mail;telefoon;functie;ploeg;rollen;disciplines;talen;uren;buurturen"},
			[]string{
				"regel 1: kop 7 is niet bekend, kies uit: medewerker, naam, e-mail, telefoon, functie, team, rollen, disciplines, talen, uren, buurturen, uit dienst op",
				"regel 1, kolom naam: deze kop staat er twee keer, haal er één weg",
				"regel 1, kolom team: deze kolom is er niet, zet hem erbij",
				"regel 1, kolom uit dienst op: deze kolom is er niet, zet hem erbij",
			},
		},
		"a cell without a heading": {
			[]string{"dag;eerste", "maandag;ilse;te veel"},
			[]string{"regel 2: cel 3 heeft geen kop, maak de cel leeg"},
		},
		"another file":      {[]string{"naam;bedrag"}, []string{"regel 1: begin met de kop medewerker, dag of partner"}},
		"an empty file":     {nil, []string{"regel 1: begin met een regel met koppen"}},
		"another character": {[]string{"dag;eerste", "maandag;\xEBve"}, []string{"sla het bestand op als CSV UTF-8"}},
		"a quote too many": {
			[]string{"dag;eerste", "doordag;ilse", `dinsdag;"ilse`},
			[]string{
				"regel 2, kolom dag: schrijf een dag, bijvoorbeeld maandag",
				"regel 3: de aanhalingstekens kloppen niet, typ de regel opnieuw",
			},
		},
		"a roster": {
			[]string{"dag;eerste;tweede", "maandag;ilse;ilse", "Maandag;ilse;", "doordag;ilse;", "vrijdag;;niemand", "zaterdag;;"},
			[]string{
				"regel 2, kolom tweede: deze medewerker staat al eerder op deze regel",
				"regel 3, kolom dag: dit staat ook op regel 2, maak er één van",
				"regel 4, kolom dag: schrijf een dag, bijvoorbeeld maandag",
				"regel 5, kolom tweede: deze medewerker is er niet, vul een id in dat er is",
				"regel 6, kolom eerste: vul dit in",
			},
		},
		"partners": {
			[]string{"partner;naam;kan;telefoon", "sport;Sport;;14 030", "sport;Sport;sporten;bel maar"},
			[]string{
				"regel 2, kolom kan: vul dit in",
				"regel 3, kolom partner: dit staat ook op regel 2, maak er één van",
				"regel 3, kolom telefoon: vul een nummer in, bijvoorbeeld 06 12345678",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := staffed(t)
			before := o.staff()
			_, err := o.people("-apply", file(t, tt.lines...))
			got, ok := errors.AsType[faults](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			var lines []string
			for _, f := range got {
				if f.file != "" && (f.line > 0 || strings.Contains(f.text, "UTF-8")) { // the rest is about the staff as a whole
					lines = append(lines, strings.TrimLeft(strings.TrimPrefix(faults{f}.Error(), "bestand.csv"), ", :"))
				}
			}
			if diff := cmp.Diff(tt.want, lines); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, o.staff()); diff != "" {
				t.Errorf("a file with faults changed:\n%s", diff)
			}
		})
	}
}

func mustRead(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(examples + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A spreadsheet holds people: nothing of a cell but a stored id is ever printed, right or wrong.
func TestNothingOfACellIsPrinted(t *testing.T) { // threat:T17
	const canary = "kanarie"
	o := staffed(t)
	right := "w13;Kanarie Een;kanarie@a.example;0612340987;kanarie;noord;;generalist;Nederlands;8;0;"
	wrong := strings.Join(slices.Repeat([]string{"Kanarie!"}, 12), ";")
	for name, path := range map[string]string{
		"right":        file(t, mustRead(t, "workers.csv")+right),
		"wrong":        file(t, mustRead(t, "workers.csv")+wrong),
		"twice":        file(t, mustRead(t, "workers.csv")+right+"\n"+right),
		"the heading":  file(t, head+";Kanarie", "w1"),
		"the quotes":   file(t, head, `w1;"Kanarie`),
		"the roster":   file(t, "dag;eerste;Kanarie", "kanarie;kanarie"),
		"the roster 2": file(t, "dag;eerste", "kanarie;kanarie"),
		"a partner":    file(t, "partner;naam;kan;telefoon", "Kanarie;Kanarie;=kanarie;kanarie"),
	} {
		printed, err := o.people(path)
		if err != nil {
			printed += err.Error()
		}
		if low := strings.ToLower(printed); strings.Contains(low, canary) || strings.Contains(low, "12340987") {
			t.Errorf("%s: printed\n%s", name, printed)
		}
	}
}

// The words of the files are those that routing knows, all of them.
func TestTheFilesHaveAWordForEverything(t *testing.T) {
	words := roles()
	for _, role := range []routing.Role{
		routing.Coordinator, routing.SafeguardingLead, routing.ExperienceWorker, routing.Administrator, routing.PrivacyOfficer, routing.Partner,
	} {
		if !slices.Contains(slices.Collect(maps.Values(words)), role) {
			t.Errorf("there is no word for role %s", role)
		}
	}
	if got := len(dayWords()); got != len(days()) {
		t.Errorf("%d days are listed of %d", got, len(days()))
	}
	for _, word := range dayWords() {
		if days()[word] == "" {
			t.Errorf("%s is no day", word)
		}
	}
}

// The administrator's page has every heading and every word that a cell may hold.
func TestTheGuideExplainsEveryHeadingAndWord(t *testing.T) {
	data, err := os.ReadFile("../../.github/guides/municipality/people.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := strings.ToLower(string(data))
	for _, k := range []kind{workers, roster, partners} {
		all, _ := k.columns()
		for _, heading := range all {
			if !strings.Contains(guide, "`"+heading+"`") && !slices.Contains(turns()[2:4], heading) {
				t.Errorf("heading %s is not explained", heading)
			}
		}
	}
	for _, words := range [][]string{
		slices.Collect(maps.Keys(roles())), slices.Collect(maps.Keys(disciplines())), slices.Collect(maps.Keys(languages())),
	} {
		for _, word := range words {
			if !strings.Contains(guide, word) {
				t.Errorf("the word %s is not in the guide", word)
			}
		}
	}
}
