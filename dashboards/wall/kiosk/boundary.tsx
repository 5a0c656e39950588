/** Where something fails to draw, it says so in its place, and is tried again; the whole page loads itself anew. */
import { Component, type ComponentChildren } from "preact";
import { tell } from "../words";
import { renew } from "./renewal";

const RETRY_MS = 30_000;

interface Given {
  /** `page`: the whole of it; `part`: a tile, without which the wall is still one. */
  of: "page" | "part";
  children: ComponentChildren;
}

export class Boundary extends Component<Given, { failed: boolean }> {
  override state = { failed: false };
  private timer: ReturnType<typeof setTimeout> | undefined;

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ failed: true });
    if (this.props.of === "page") renew(`draw: ${String(error)}`);
    else this.timer = setTimeout(() => this.setState({ failed: false }), RETRY_MS);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.timer);
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <p class={`broken ${this.props.of} old`} role="alert">
        {tell(this.props.of === "page" ? "broken_page" : "broken")}
      </p>
    );
  }
}
