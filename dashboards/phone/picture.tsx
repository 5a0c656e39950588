/** A photo that is still on this phone. */
import { useEffect, useRef } from "preact/hooks";
import { say } from "./words";

export function Picture({ image }: { image: Blob }) {
  const picture = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(image);
    if (picture.current) picture.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [image]);
  return <img ref={picture} class="photo" alt={say("photo")} />;
}
