package web

// frame is the frame of a page with a title; at is the entry of the menu that it belongs to.
func (d *desk) frame(texts *Texts, s seat, title, at string) Frame {
	f := deskFrame(d.Municipality, s.card.Name)
	f.Title = title
	if s.session.Worker == "" {
		return f
	}
	f.SignOut = SignOut{URL: signOutPath, Token: s.token(signOutPath)}
	for _, entry := range menu() {
		if !entry.may.admits(s, d.Now()) {
			continue
		}
		link := NavLink{Label: texts.T("desk.nav." + entry.key), URL: entry.url, Current: entry.url == at}
		f.Nav = append(f.Nav, link)
	}
	return f
}

// menuEntry is a page that the menu leads to, for whom it is there to.
type menuEntry struct {
	key, url string
	may      audience
}

func menu() []menuEntry {
	return []menuEntry{
		{"today", deskPath, colleagues},
		{"cases", casesPath, readers},
		{"team", teamPath, team},
		{"search", searchPath, team},
		{"entry", entryPath, team},
		{"colleagues", colleaguesPath, colleagues},
		{"duty", dutyPath, judges},
		{"quarantine", quarantinePath, judges},
		{"oversight", oversightPath, officers},
	}
}
