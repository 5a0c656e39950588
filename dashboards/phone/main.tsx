import "../screen/screen.css";
import { City } from "../screen/city";
import { connect } from "../screen/link";
import { start, toLogin, Warning } from "../screen/page";

const city = new City();

await start((about) => {
  connect(city, (status) => {
    if (status === 401) toLogin();
  });
  return (
    <main>
      <Warning />
      <h1>{about.title}</h1>
    </main>
  );
});
