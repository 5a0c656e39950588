/** What somebody does about an incident: take it, write a word, take a photo, go there. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { shrink } from "../screen/photo";
import { mapLink } from "./links";
import { enqueue, writing } from "./model";
import { Picture } from "./picture";
import type { Deed, Item } from "./queue";
import type { Incident } from "./shapes";
import { say } from "./words";

/** For a bad line. */
const SMALL = { side: 1_600, bytes: 300_000 };

export function Actions({ incident, deeds }: { incident: Incident; deeds: readonly Item[] }) {
  const form = useSignal<"note" | Blob | null>(null);
  const complaint = useSignal("");
  const taken = incident.acknowledged_by !== null || deeds.some(({ deed }) => deed.kind === "acknowledge");
  const map = mapLink(incident, navigator.userAgent);

  const keep = async (deed: Deed, image: Blob | null = null) => {
    const shown = form.peek();
    complaint.value = await refusal(incident, deed, image);
    // A phone's disk may take seconds: what was begun meanwhile stays.
    if (!complaint.value && form.peek() === shown) form.value = null;
    return !complaint.value;
  };
  const choose = async (file: File | undefined) => {
    if (!file) return;
    complaint.value = "";
    form.value = await shrink(file, SMALL).catch(() => null);
    if (!form.value) complaint.value = say("unreadable");
  };

  return (
    <div class="actions">
      <p class="complaint" role="alert" hidden={!complaint.value}>
        {complaint.value}
      </p>
      {form.value && (
        <Writing
          incident={incident.id}
          image={form.value === "note" ? null : form.value}
          keep={keep}
          close={() => {
            form.value = null;
            complaint.value = "";
          }}
        />
      )}
      {!form.value && !taken && (
        <button type="button" class="main" onClick={() => keep({ kind: "acknowledge" })}>
          {say("acknowledge")}
        </button>
      )}
      {!form.value && (
        <div class="row">
          <button
            type="button"
            onClick={() => {
              form.value = "note";
            }}
          >
            {say("note")}
          </button>
          <label class="button">
            {say("photo")}
            <input
              type="file"
              accept="image/*"
              onChange={(event) => {
                void choose(event.currentTarget.files?.[0]);
                event.currentTarget.value = "";
              }}
            />
          </label>
          {map && (
            <a class="button" href={map} target="_blank" rel="noopener">
              {say("map")}
            </a>
          )}
        </div>
      )}
    </div>
  );
}

/** Why it was not kept, in words; empty where it was. */
async function refusal(incident: Incident, deed: Deed, image: Blob | null): Promise<string> {
  try {
    const bound = await enqueue(incident, deed, image);
    return bound ? say(`full_${bound}`) : "";
  } catch (error) {
    return `${say("disk")} ${(error as Error).message}`;
  }
}

interface WritingProps {
  incident: number;
  image: Blob | null;
  keep: (deed: Deed, image?: Blob | null) => Promise<boolean>;
  close: () => void;
}

/** A note, or what a photo shows. A note begun is still there when the phone has thrown the page away meanwhile. */
function Writing({ incident, image, keep, close }: WritingProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = `pantau-draft-${incident}`;
  useEffect(() => {
    writing.value += 1;
    field.current?.focus();
    field.current?.form?.scrollIntoView({ block: "nearest" });
    return () => {
      writing.value -= 1;
    };
  }, []);

  const save = async () => {
    const text = field.current?.value.trim() ?? "";
    if (!text && !image) return;
    const kept = await keep(image ? { kind: "photo", text } : { kind: "note", text }, image);
    if (kept && !image) localStorage.removeItem(draft);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {image && <Picture image={image} />}
      <label>
        {say(image ? "photo_label" : "note_label")}
        <textarea
          ref={field}
          rows={3}
          maxLength={2_000}
          required={!image}
          defaultValue={image ? "" : (localStorage.getItem(draft) ?? "")}
          onInput={(event) => {
            if (!image) localStorage.setItem(draft, event.currentTarget.value);
          }}
        />
      </label>
      <div class="row">
        <button type="submit" class="main">
          {say("save")}
        </button>
        <button type="button" onClick={close}>
          {say("cancel")}
        </button>
      </div>
    </form>
  );
}
