/** A photo made small enough to send; drawn anew, it tells nothing of the phone and the place it was taken at. */

/** How small: pixels of its longer side, and bytes. */
export interface Small {
  side: number;
  bytes: number;
}

const QUALITIES = [0.8, 0.65, 0.5, 0.35];
const SIDE_MIN = 400;

/** Raises where this is no picture that the browser can read. */
export async function shrink(file: Blob, small: Small): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    return await smallEnough(picture, small);
  } finally {
    picture.close();
  }
}

/** Softer first, then smaller. */
async function smallEnough(picture: ImageBitmap, small: Small): Promise<Blob> {
  for (let { side } = small; ; side *= 0.75) {
    const canvas = drawn(picture, side);
    for (const quality of QUALITIES) {
      const jpeg = await encoded(canvas, quality);
      if (jpeg.size <= small.bytes || side < SIDE_MIN) return jpeg;
    }
  }
}

function drawn(picture: ImageBitmap, side: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = scaled(picture.width, picture.height, side);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser does not draw");
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function encoded(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((done, failed) =>
    canvas.toBlob((jpeg) => (jpeg ? done(jpeg) : failed(new Error("no picture"))), "image/jpeg", quality),
  );
}

/** Never larger than it was. */
export function scaled(width: number, height: number, side: number): [number, number] {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}
