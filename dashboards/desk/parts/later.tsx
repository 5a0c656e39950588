/** A page whose script is fetched when it is first looked at. Browsers do not ask twice for one that failed: reload. */
import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say } from "../words";

type Loaded<Properties> = { default: ComponentType<Properties> };

export function later<Properties extends object>(load: () => Promise<Loaded<Properties>>): ComponentType<Properties> {
  let known: ComponentType<Properties> | null = null;
  return function Later(properties: Properties) {
    const [page, show] = useState<{ is: ComponentType<Properties> } | null>(known && { is: known });
    const [failed, fail] = useState(false);
    useEffect(() => {
      if (page || failed) return;
      load().then(
        (loaded) => {
          known = loaded.default;
          show({ is: known });
        },
        () => fail(true),
      );
    }, [page, failed]);
    if (page) return h(page.is, properties);
    if (!failed) return <p class="dim">{say("loading")}</p>;
    return (
      <p class="fault" role="alert">
        {say("away")}{" "}
        <button type="button" onClick={() => location.reload()}>
          {say("retry")}
        </button>
      </p>
    );
  };
}
