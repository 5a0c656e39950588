/** What people wrote down about a device or an incident: a list, and a line to add to it. */
import { useRef } from "preact/hooks";
import { send } from "../screen/api";
import { uuid } from "../screen/uuid";
import { may } from "./here";
import { type List, Listed } from "./parts/asked";
import { Field, Form, text } from "./parts/sending";
import { Moment } from "./parts/time";
import type { Note } from "./shapes";
import { say } from "./words";

export function NoteForm({
  path,
  label,
  button,
  done,
}: {
  path: string;
  label: string;
  button: string;
  done: () => void;
}) {
  // The key stays until the server has taken the note: what is sent twice is one note.
  const key = useRef(uuid());
  const add = async (fields: FormData) => {
    await send("POST", path, { key: key.current, text: text(fields, "text") });
    key.current = uuid();
    done();
  };
  return (
    <Form label={label} button={button} send={add}>
      <Field label={label}>
        <textarea name="text" rows={2} maxLength={2_000} required />
      </Field>
    </Form>
  );
}

export function NoteList({ of }: { of: List<Note> }) {
  return (
    <Listed of={of}>
      {(items) => (
        <>
          <ul class="notes">
            {items.map((note) => (
              <li key={note.id}>
                <p>{note.text}</p>
                {note.photo && <img src={note.photo} alt={note.text} loading="lazy" />}
                <small class="dim">
                  {note.who} · <Moment at={note.said_at ?? note.at} />
                </small>
              </li>
            ))}
          </ul>
          {of.next !== null && <p class="dim">{say("older_notes")}</p>}
        </>
      )}
    </Listed>
  );
}

export const mayNote = (): boolean => may("technician");
