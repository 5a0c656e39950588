import "../screen/screen.css";
import "./wall.css";
import "./tiles.css";
import "./scenes.css";
import { connect } from "../screen/link";
import { start, Warning } from "../screen/page";
import { IncidentList } from "./incidents/list";
import { Boundary } from "./kiosk/boundary";
import { Help } from "./kiosk/help";
import { keys } from "./kiosk/keys";
import { renewing } from "./kiosk/renewal";
import { remember, unknownVisitor } from "./kiosk/session";
import { sounding } from "./kiosk/sound";
import { veiling } from "./kiosk/veil";
import { wander } from "./kiosk/wander";
import { Foot } from "./scenes/foot";
import { Stage } from "./scenes/stage";
import { Duty } from "./tiles/duty";
import { Head } from "./tiles/head";
import { Kinds } from "./tiles/kinds";
import { Told } from "./tiles/told";
import { Unwell } from "./tiles/unwell";
import { type View, viewOf } from "./view";

await start((about) => {
  remember(about.visitor.role);
  renewing(about.build);
  const view = viewOf(about);
  connect(view.city, (status) => {
    if (status === 401) unknownVisitor();
  });
  keys(view);
  sounding(view.critical, view.city.incidentsRevision);
  wander(document.documentElement);
  veiling(document.body);
  return (
    <Boundary of="page">
      <Wall view={view} />
    </Boundary>
  );
}, unknownVisitor);

function Wall({ view }: { view: View }) {
  return (
    <div class="wall">
      <Warning />
      <main>
        <Head view={view} />
        <Kinds view={view} />
        <Stage view={view} />
        <div class="side">
          <IncidentList view={view} />
          <Unwell view={view} />
          <div class="people">
            <Duty view={view} />
            <Told view={view} />
          </div>
        </div>
        <Foot view={view} />
      </main>
      <Help about={view.about} scenes={view.scenes.length} />
    </div>
  );
}
