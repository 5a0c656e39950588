/** Whether this browser can draw the map at all. */

export function hasWebGl2(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  // A browser holds only so many contexts; this one was only to know.
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}
