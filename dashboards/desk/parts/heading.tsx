/** The page's heading: it takes the focus when somebody came from another page, and names the window. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { about } from "../here";
import { moved } from "../router";

export function Heading({ title, children }: { title: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${about().title}`;
  }, [title]);
  useEffect(() => {
    if (!moved.peek()) return;
    moved.value = false;
    heading.current?.focus();
  }, []);
  return (
    <header class="heading">
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </header>
  );
}
