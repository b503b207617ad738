package web

import (
	"net/http"
	"slices"
	"sync"

	"voordeur/internal/form"
)

// deskRoute is one address. Exactly one of open and show is set.
type deskRoute struct {
	pattern string
	may     audience // to whom it is there; to anybody else it is not
	open    page     // for everybody
	show    deskPage // for who is signed in
	lists   bool     // show needs a list, the worker's own or a colleague's, which is then read along with the session
}

func (d *desk) routes() []deskRoute { return slices.Concat(d.deskRoutes(), d.caseRoutes()) }

// deskRoutes are the addresses that are about no single case.
func (d *desk) deskRoutes() []deskRoute {
	routes := []deskRoute{
		{pattern: "GET " + ArrivedPath, may: everybody, open: d.arrive},
		{pattern: "GET " + leftPath, may: everybody, open: d.left},
		{pattern: "GET /desk/toegankelijkheid", may: everybody, open: d.accessibility},
		{pattern: "POST " + signOutPath, may: everybody, open: d.signOut},
		{pattern: "GET " + searchPath, may: team, show: d.askSearch},
		{pattern: "POST " + searchPath, may: team, show: d.search},
		{pattern: "GET " + colleaguesPath, may: colleagues, show: d.colleagues},
		{pattern: "POST " + colleaguesPath, may: colleagues, show: d.findColleagues},
		{pattern: "GET " + colleaguesPath + "/{card}", may: colleagues, show: d.colleagueCard},
		{pattern: "GET " + partnersPath + "/{card}", may: colleagues, show: d.partnerCard},
		{pattern: "GET " + entryPath, may: team, show: d.beginEntry},
		{pattern: "GET " + entryFormPath, may: team, show: d.askEntry},
		{pattern: "POST " + entryFormPath, may: team, show: d.takeEntry},
		{pattern: "GET " + entryCheckPath, may: team, show: d.entered(d.checkEntry)},
		{pattern: "POST " + entryCheckPath, may: team, show: d.entered(d.sendEntry)},
		{pattern: "GET " + entryDonePath, may: team, show: d.entered(d.entryDone)},
		{pattern: "GET " + deskPaperPath, may: team, show: d.paper(form.Full)},
		{pattern: "GET " + deskCardPath, may: team, show: d.paper(form.Card)},
		{pattern: "GET " + deskPath + "{$}", may: colleagues, show: d.today, lists: true},
		{pattern: "GET " + addressPath, may: colleagues, show: d.address},
		{pattern: "POST " + addressPath, may: colleagues, show: d.confirmAddress},
		{pattern: "POST " + newCodePath, may: colleagues, show: d.sendCode},
		{pattern: "GET " + casesPath, may: colleagues, show: d.cases, lists: true},
		{pattern: "GET " + teamPath, may: team, show: d.team},
		{pattern: "GET " + teamPath + "/{worker}", may: team, show: d.colleagueList, lists: true},
		{pattern: "GET " + handOnPath("{worker}"), may: coordinators, show: d.askHandOn, lists: true},
		{pattern: "POST " + handOnPath("{worker}"), may: coordinators, show: d.takeHandOn, lists: true},
		{pattern: "GET " + handedOnPath("{worker}"), may: coordinators, show: d.handedOn},
		{pattern: "GET " + absencePath, may: team, show: d.ownAbsences},
		{pattern: "GET " + absencePath + "/{worker}", may: team, show: d.askAbsence},
		{pattern: "POST " + absencePath + "/{worker}", may: team, show: d.takeAbsence},
		{pattern: "GET " + absencePath + "/{worker}/{from}", may: team, show: d.askAbsence},
		{pattern: "POST " + absencePath + "/{worker}/{from}", may: team, show: d.takeAbsence},
		{pattern: "POST " + absencePath + "/{worker}/{from}/" + actBack, may: team, show: d.endAbsence},
	}
	routes = append(routes,
		deskRoute{pattern: "GET " + dutyPath, may: judges, show: d.dutyScreen},
		deskRoute{pattern: "POST " + dutyPath + "/" + actSendAgain, may: judges, show: d.seeTo(actSendAgain)},
		deskRoute{pattern: "POST " + dutyPath + "/" + actPassedOn, may: judges, show: d.seeTo(actPassedOn)},
		deskRoute{pattern: "GET " + quarantinePath, may: judges, show: d.quarantine},
		deskRoute{pattern: "GET " + closedPath, may: judges, show: d.closed},
		deskRoute{pattern: "GET " + closedPath + "/{until}/{group}", may: judges, show: d.closing},
		deskRoute{pattern: "POST " + closedPath + "/{until}/{group}/" + actUndoGroup, may: judges, show: d.undoGroup},
		deskRoute{pattern: "GET " + quarantinePath + "/{reference}", may: judges, show: d.showQuarantined},
		deskRoute{pattern: "POST " + quarantinePath + "/{reference}/" + actHuman, may: judges, show: d.judge(actHuman)},
		deskRoute{pattern: "POST " + quarantinePath + "/{reference}/" + actNotHuman, may: judges, show: d.judge(actNotHuman)},
		deskRoute{pattern: "GET " + groupPath + "{group}", may: judges, show: d.group},
		deskRoute{pattern: "POST " + groupPath + "{group}/" + actCloseGroup, may: judges, show: d.closeGroup},
	)
	return slices.Concat(routes, d.glassRoutes(), d.oversightRoutes())
}

// caseRoutes are the addresses of a case's own pages.
func (d *desk) caseRoutes() []deskRoute {
	return append([]deskRoute{
		{pattern: "GET /desk/casus/{reference}", may: readers, show: d.showCase},
		{pattern: "GET /desk/casus/{reference}/" + askedPath, may: readers, show: d.showAsked},
		{pattern: "GET /desk/casus/{reference}/" + planPath, may: readers, show: d.showPlan},
		{pattern: "GET /desk/casus/{reference}/" + filePath, may: readers, show: d.handOffText},
		{pattern: "GET /desk/casus/{reference}/" + actTell, may: readers, show: d.askTell},
		{pattern: "POST /desk/casus/{reference}/" + actTell, may: readers, show: d.tell},
	}, d.actRoutes()...)
}

func (d *desk) handler() http.Handler {
	mux := d.router(d.deskRoutes())
	mux.Handle("GET "+staticPrefix, d.Assets)
	// The pages of a case are most of the addresses, and no function's first request waits for those it may not need.
	ofCase := sync.OnceValue(func() http.Handler { return routed(d.router(d.caseRoutes()), d.broke) })
	for _, pattern := range []string{"/desk/casus/{reference}", "/desk/casus/{reference}/{page}"} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { ofCase().ServeHTTP(w, r) })
	}
	return Secure(routed(mux, d.broke), SecureOptions{Log: d.Log, NoIndex: true, Failed: d.broke})
}

func (d *desk) router(routes []deskRoute) *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range routes {
		mux.Handle(route.pattern, d.answer(route))
	}
	return mux
}
