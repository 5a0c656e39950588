/** One camera: its picture with the time it was taken, or a placard that says since when there is none. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { momentOf, tick, timeOf } from "../../screen/clock";
import type { Device, Kind, State } from "../../screen/shapes";
import { lookOf, StateShape } from "../../screen/shapes_of_states";
import { duration } from "../../screen/values";
import { say } from "../../screen/words";
import { tell } from "../words";
import { watch } from "./frames";

/** A camera that is known not to be there is asked seldom. */
const LOST_SECONDS = 30;
const SEEN: readonly State[] = ["up", "degraded"];

interface Given {
  device: Device;
  /** Its name, without what all cameras are called. */
  short: string;
  kind: Kind | undefined;
  /** Pixels that are asked for. */
  width: number;
  everySeconds: number;
  freshSeconds: number;
  /** Brought forward, because of an incident. */
  ahead: boolean;
}

export function Camera({ device, short, kind, width, everySeconds, freshSeconds, ahead }: Given) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const capturedAt = useSignal<number | null>(null);
  const drawn = useSignal(false);
  // By the server's clock, and whatever became of the link meanwhile: an old picture is none.
  const fresh = useComputed(() => drawn.value && !isOld(capturedAt.value, tick.value, freshSeconds));
  const { id } = device;
  const faults = faultsOf(device, kind);
  const seconds = SEEN.includes(device.state) ? everySeconds : LOST_SECONDS;
  useEffect(() => {
    capturedAt.value = null;
    drawn.value = false;
    return watch(id, width, seconds, (frame) => {
      if (frame.picture === "none") drawn.value = false;
      else if (frame.picture !== null) {
        draw(canvas.current, frame.picture);
        drawn.value = true;
      }
      capturedAt.value = frame.capturedAt ?? capturedAt.peek();
    });
  }, [id, width, seconds]);
  useEffect(() => {
    if (!fresh.value) wipe(canvas.current);
  }, [fresh.value]);
  return (
    <figure
      class={`camera ${device.state}${ahead ? " ahead" : ""}${fresh.value ? "" : " old"}`}
      data-device={id}
      data-state={device.state}
    >
      <canvas ref={canvas} role="img" aria-label={device.name} hidden={!fresh.value} />
      {!fresh.value && <Placard device={device} capturedAt={capturedAt.value} />}
      <figcaption>
        <StateShape look={lookOf(device)} />
        <span class="name" title={device.name}>
          {short}
        </span>
        {faults.length > 0 && <b class="faults">{faults.join(", ")}</b>}
        {fresh.value && <Captured at={capturedAt.value} />}
      </figcaption>
    </figure>
  );
}

export const isOld = (capturedAt: number | null, now: number, freshSeconds: number): boolean =>
  capturedAt === null || !(Math.abs(now - capturedAt) <= freshSeconds * 1_000);

/** What is wrong with its picture, by name. */
export function faultsOf({ latest }: Device, kind: Kind | undefined): string[] {
  const metrics = Object.entries(kind?.metrics ?? {});
  return metrics.filter(([metric, { fault }]) => fault && latest[metric]?.value).map(([, { name }]) => name);
}

function Captured({ at }: { at: number | null }) {
  if (at === null) return null;
  return (
    <time class="captured" dateTime={new Date(at).toISOString()}>
      {`${timeOf(at)} · ${duration(tick.value - at)}`}
    </time>
  );
}

function Placard({ device, capturedAt }: { device: Device; capturedAt: number | null }) {
  const since = capturedAt ?? (device.state === "up" || device.since === null ? null : Date.parse(device.since));
  return (
    <div class="placard">
      <b>{tell(since === null ? "no_picture_yet" : "no_picture")}</b>
      {since !== null && <span>{`${say("since")} ${momentOf(since)}`}</span>}
    </div>
  );
}

function draw(canvas: HTMLCanvasElement | null, picture: ImageBitmap): void {
  if (canvas) {
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
    }
    canvas.getContext("2d")?.drawImage(picture, 0, 0);
  }
  picture.close();
}

/** What is not shown is not there either. */
function wipe(canvas: HTMLCanvasElement | null): void {
  canvas?.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
}
