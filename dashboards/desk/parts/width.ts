/** How wide a box is shown, in whole pixels. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export function useWidth(): [box: RefObject<HTMLDivElement | null>, width: number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, measure] = useState(0);
  useEffect(() => {
    if (!box.current) return;
    const watching = new ResizeObserver(([entry]) => measure(Math.floor(entry?.contentRect.width ?? 0)));
    watching.observe(box.current);
    return () => watching.disconnect();
  }, []);
  return [box, width];
}
