/** What people do about an incident: take it, give it back, end it, and write what they know. */
import { useRef, useState } from "preact/hooks";
import { ask, send } from "../../screen/api";
import { shrink } from "../../screen/photo";
import { uuid } from "../../screen/uuid";
import { may } from "../here";
import { NoteForm } from "../notes";
import { asking } from "../parts/asked";
import { Act, Field, Form, text, Unfit } from "../parts/sending";
import type { IncidentDetail } from "./page";
import { say } from "./words";

/** What a phone takes has ten times the pixels that anybody will look at, and more bytes than the server takes. */
const SMALL = { side: 1_920, bytes: 1_000_000 };

/** `done`: something was written, so that the timeline is asked for at once. */
export function Hand({ incident, done }: { incident: IncidentDetail; done: () => void }) {
  if (!may("technician")) return null;
  const path = `/api/v1/incidents/${incident.id}`;
  const act = (what: string) => async () => {
    await send("POST", `${path}/${what}`, {});
    done();
  };
  return (
    <section aria-labelledby="hand">
      <h2 id="hand">{say("hand")}</h2>
      {incident.state === "open" && (
        <p>
          <Act label={say("acknowledge")} act={act("acknowledge")} done={say("acknowledged_done")} kind="main" />
          <Act label={say("unacknowledge")} act={act("unacknowledge")} />
          <Act label={say("resolve")} act={act("resolve")} kind="danger" sure />
        </p>
      )}
      <div class="columns">
        <CommentForm path={path} done={done} />
        <NoteForm path={`${path}/notes`} label={say("note")} button={say("note_send")} done={done} />
        <PhotoForm path={`${path}/photos`} done={done} />
      </div>
    </section>
  );
}

function CommentForm({ path, done }: { path: string; done: () => void }) {
  const comment = async (fields: FormData) => {
    await send("POST", `${path}/comment`, { text: text(fields, "text") });
    done();
  };
  return (
    <Form label={say("comment")} button={say("comment_send")} send={comment}>
      <Field label={say("comment")}>
        <textarea name="text" rows={2} maxLength={2_000} required />
      </Field>
    </Form>
  );
}

function PhotoForm({ path, done }: { path: string; done: () => void }) {
  const key = useRef(uuid());
  const [chosen, choose] = useState<File | null>(null);
  const add = async (fields: FormData) => {
    if (!chosen) throw new Unfit(say("photo_bad"));
    const body = await shrink(chosen, SMALL).catch(() => {
      throw new Unfit(say("photo_bad"));
    });
    const headers = { "Content-Type": "image/jpeg" };
    await ask(asking(path, { key: key.current, text: text(fields, "text") }), { method: "POST", body, headers });
    key.current = uuid();
    choose(null);
    done();
  };
  return (
    <Form label={say("photo")} button={say("photo_send")} send={add}>
      <Field label={say("photo")}>
        <input
          type="file"
          name="photo"
          accept="image/*"
          required
          onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)}
        />
      </Field>
      <Field label={say("photo_text")}>
        <input name="text" maxLength={200} />
      </Field>
    </Form>
  );
}
