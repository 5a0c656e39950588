/** Beside the page, and not held up by it: draws across it, on a canvas that was handed over, that it does not answer. */
/// <reference lib="webworker" />

import { type Sign, Stuck } from "./stuck";

declare const self: DedicatedWorkerGlobalScope;

const CHECK_MS = 1_000;
const VEIL = "rgb(13 19 25 / 70%)";
const BAND = "#8f231d";
const LETTERS = "#fff";

const stuck = new Stuck();
let said: string | null = null;

self.onmessage = ({ data }: MessageEvent<OffscreenCanvas | Sign>) => {
  if (data instanceof OffscreenCanvas) begin(data);
  else stuck.hear(performance.now(), data);
};

function begin(canvas: OffscreenCanvas): void {
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  // The page makes room for what is drawn here when it is drawn for the first time: later it could not.
  draw(pen, null);
  setInterval(() => {
    const says = stuck.check(performance.now());
    if (says !== said) draw(pen, says);
    said = says;
  }, CHECK_MS);
}

/** Null: nothing, so that the page is seen as it is. */
function draw(pen: OffscreenCanvasRenderingContext2D, text: string | null): void {
  const { width, height } = pen.canvas;
  pen.clearRect(0, 0, width, height);
  if (text === null) return;
  pen.fillStyle = VEIL;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = BAND;
  pen.fillRect(0, 0.4 * height, width, 0.2 * height);
  pen.fillStyle = LETTERS;
  pen.font = `bold ${Math.round(0.08 * height)}px "DejaVu Sans", system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, width / 2, height / 2, 0.95 * width);
}
