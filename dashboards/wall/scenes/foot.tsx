/** Which scene is on, how long still, and whether a sound would come. */
import { sound } from "../kiosk/sound";
import { isCritical, type View } from "../view";
import { tell } from "../words";

export function Foot({ view }: { view: View }) {
  const { scene, heldAt, pickedAt } = view.showing.value;
  const stays = heldAt !== null ? tell("held") : critical(view) && pickedAt === null ? tell("held_by_incident") : "";
  return (
    <footer>
      <ol class="scenes" aria-label={tell("scenes")}>
        {view.scenes.map((one, place) => (
          <li key={one} aria-current={one === scene || undefined}>
            <kbd>{place + 1}</kbd> {tell(one)}
            {one === scene && <Passing view={view} />}
          </li>
        ))}
      </ol>
      <p class="stays">{stays}</p>
      <p class="sound" data-sound={sound.value}>
        {tell(`sound_${sound.value}`)} <kbd>S</kbd>
      </p>
      <p>
        {tell("help")} <kbd>?</kbd>
      </p>
    </footer>
  );
}

const critical = (view: View): boolean => view.incidents.value.some(isCritical);

function Passing({ view }: { view: View }) {
  const share = view.passed.value;
  return <span class="passing" style={{ transform: `scaleX(${share ?? 1})` }} />;
}
