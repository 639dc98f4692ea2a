// The count follows while the page is looked at: asks every ten seconds, less often while nothing changes.
(() => {
  const SHORTEST = 10_000;
  const LONGEST = 60_000;
  const IN_A_ROW = 20;
  const STEP = 12;

  const panel = document.querySelector("[data-live-count]");
  const part = panel && panel.querySelector("[data-live-part]");
  if (!part) return;

  const meter = () => part.querySelector("progress");
  let seen = meter().value;
  let pause = SHORTEST;
  let waiting;

  // As lib/templatetags/look.py draws them: each row one line of round dashes, each dash one person.
  const dots = (count) => {
    let path = "";
    for (let row = 0; row * IN_A_ROW < count; row += 1) {
      const length = Math.min(IN_A_ROW, count - row * IN_A_ROW);
      path += `M${STEP / 2} ${STEP / 2 + STEP * row}h${STEP * (length - 1)}.1`;
    }
    return path;
  };

  const draw = (count) => {
    const svg = part.querySelector(".dots svg");
    if (!svg) return;
    let on = svg.querySelector(".on");
    if (!on) {
      on = document.createElementNS("http://www.w3.org/2000/svg", "path");
      on.setAttribute("class", "on");
      svg.append(on);
    }
    on.setAttribute("d", dots(count));
  };

  const say = ({ signatures, sentence }) => {
    const figure = (sentence.match(/^\d[\d.,'’\u00a0\u202f\u066c]*/) || [""])[0];
    const line = part.querySelector(".sentence");
    const before = line.querySelector("strong").textContent;
    line.querySelector("strong").textContent = figure;
    line.lastChild.data = sentence.slice(figure.length);
    for (const each of document.querySelectorAll("[data-live-part] progress, .sign-bar progress")) {
      each.value = signatures;
      const label = each.getAttribute("aria-label").replace(/\d[\d.,'’\u00a0\u202f\u066c]*/, figure);
      each.setAttribute("aria-label", label);
    }
    const joined = part.querySelector(".appeal p");
    if (joined) joined.lastChild.data = joined.lastChild.data.replace(before, figure);
    const bar = document.querySelector("[data-live-bar] strong");
    if (bar) bar.textContent = figure;
    draw(signatures);
  };

  // A new goal changes dots, notches and rungs, the first signatures change words: the page has them in its language.
  const renew = async (count) => {
    const answer = await fetch(location.pathname, { credentials: "omit" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = fresh.querySelector("[data-live-part]");
    if (!answer.ok || !made) return;
    part.replaceChildren(...made.childNodes);
    const freshBar = fresh.querySelector(".sign-bar > div");
    const oldBar = document.querySelector(".sign-bar > div");
    if (freshBar && oldBar) oldBar.replaceChildren(...freshBar.childNodes);
    seen = Math.max(seen, meter().value);
    if (meter().value < seen && count.goal === meter().max) say(count);
  };

  const ask = async () => {
    const answer = await fetch(panel.dataset.liveCount, { cache: "no-cache", credentials: "omit" });
    if (answer.status === 404 || answer.status === 410) return false;
    const count = answer.ok && (await answer.json());
    pause = count && count.signatures > seen ? SHORTEST : Math.min(pause * 1.5, LONGEST);
    // A cache may be a moment behind what this reader has seen already.
    if (!count || count.signatures <= seen) return true;
    const isNewGoal = count.goal !== meter().max;
    const isWorded = seen > 1;
    seen = count.signatures;
    if (isWorded && !isNewGoal) say(count);
    else await renew(count);
    if (isNewGoal) panel.querySelector("[data-live-said]").textContent = count.sentence;
    return true;
  };

  const tick = async () => {
    clearTimeout(waiting);
    if (document.hidden) return;
    let goes = true;
    try {
      goes = await ask();
    } catch {
      // Without a connection the figure of the server stays.
      pause = Math.min(pause * 1.5, LONGEST);
    }
    clearTimeout(waiting);
    if (goes) waiting = setTimeout(tick, pause);
  };

  document.addEventListener("visibilitychange", tick);
  waiting = setTimeout(tick, pause);
})();
