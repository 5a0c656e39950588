/** Writing to the API: one request at a time, its outcome beside the control that asked for it. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { Away, Problem } from "../../screen/api";
import { toLogin } from "../../screen/page";
import { say } from "../words";
import { quoted } from "./asked";

export interface Sending {
  busy: boolean;
  done: string | null;
  fault: string | null;
  /** Does nothing while a request is under way: a second click is the same click. */
  run(act: () => Promise<unknown>, done?: string): Promise<boolean>;
}

export function useSending(): Sending {
  const [state, set] = useState<Omit<Sending, "run">>({ busy: false, done: null, fault: null });
  const under = useRef(false);
  const run = async (act: () => Promise<unknown>, done = say("done")) => {
    if (under.current) return false;
    under.current = true;
    set({ busy: true, done: null, fault: null });
    try {
      await act();
      set({ busy: false, done, fault: null });
      return true;
    } catch (error) {
      set({ busy: false, done: null, fault: refusal(error) });
      return false;
    } finally {
      under.current = false;
    }
  };
  return { ...state, run };
}

/** What is typed cannot be sent; the message says why, in the page's own words. */
export class Unfit extends Error {}

function refusal(error: unknown): string {
  if (error instanceof Unfit) return error.message;
  if (error instanceof Problem) {
    if (error.status === 401) toLogin();
    return quoted(error);
  }
  if (error instanceof Away) return say("not_saved");
  throw error;
}

export function Outcome({ of }: { of: Sending }) {
  return (
    <>
      <span role="status" class="done">
        {of.busy ? say("sending") : of.done !== null ? `✓ ${of.done}` : ""}
      </span>
      <span role="alert" class="fault">
        {of.fault ?? ""}
      </span>
    </>
  );
}

/** A button that does one thing, asks first where that cannot be taken back, and says what came of it. */
export function Act(given: {
  label: ComponentChildren;
  act: () => Promise<unknown>;
  done?: string;
  sure?: boolean;
  kind?: "main" | "danger";
}) {
  const sending = useSending();
  const [asked, ask] = useState(false);
  const begin = () => {
    if (given.sure && !asked) return ask(true);
    ask(false);
    void sending.run(given.act, given.done);
  };
  return (
    <span class="act">
      <button type="button" class={given.kind} disabled={sending.busy} onClick={begin}>
        {given.label}
        {asked && ` – ${say("sure")}?`}
      </button>
      {asked && (
        <button type="button" onClick={() => ask(false)}>
          {say("cancel")}
        </button>
      )}
      <Outcome of={sending} />
    </span>
  );
}

/** A form whose button is off while it is sent; `send` reads the fields. It is emptied when the server took it. */
export function Form(given: {
  label: string;
  button: string;
  send: (fields: FormData) => Promise<unknown>;
  done?: string;
  keep?: boolean;
  children: ComponentChildren;
}) {
  const sending = useSending();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    if ((await sending.run(() => given.send(fields), given.done)) && !given.keep) form.reset();
  };
  return (
    <form class="form" aria-label={given.label} onSubmit={submit}>
      {given.children}
      <p class="act">
        <button type="submit" class="main" disabled={sending.busy}>
          {given.button}
        </button>
        <Outcome of={sending} />
      </p>
    </form>
  );
}

export const text = (fields: FormData, name: string): string => String(fields.get(name) ?? "").trim();

/** A field with its label, whatever it is. */
export function Field({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label class="field">
      <span>{label}</span>
      {children}
    </label>
  );
}
