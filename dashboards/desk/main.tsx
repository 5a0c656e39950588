import "../screen/screen.css";
import "./desk.css";
import "./parts/controls.css";
import "./parts/rows.css";
import { build, connect } from "../screen/link";
import { start, toLogin } from "../screen/page";
import { city, learn } from "./here";
import { route } from "./router";
import { Shell } from "./shell";

await start((about) => {
  learn(about);
  route(() => build.value !== null && build.value !== about.build);
  connect(city, (status) => {
    if (status === 401) toLogin();
  });
  return <Shell />;
});
