/** Links that leave the page: to the map of the phone, to somebody's number. */
import type { Contact, Incident } from "./shapes";

const ZOOM = 17;

/** `geo:` opens whatever map is on an Android; other phones do not know it. Null where nobody knows the place. */
export function mapLink(incident: Incident, userAgent: string): string | null {
  const { latitude, longitude, map_url } = incident;
  if (latitude === null || longitude === null) return null;
  if (/Android/.test(userAgent) && map_url) return map_url;
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=${ZOOM}/${latitude}/${longitude}`;
}

export const phoneLink = (number: string): string => `tel:${number.replace(/[^+\d]/g, "")}`;

/** Only a name leads to somebody; the number of a chat, which is all that the centre's bot needs, does not. */
export function telegramLink({ telegram }: Contact): string | null {
  const name = telegram?.replace(/^@/, "") ?? "";
  return /^[A-Za-z]\w{4,31}$/.test(name) ? `https://t.me/${name}` : null;
}
