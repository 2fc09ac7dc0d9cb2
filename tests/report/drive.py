"""Opens reports in headless Chromium and drives them: usage drive.py CHROMIUM OUT REPORT.html...

Holds each report to what it promises: no error, no request to anywhere, readable without its script, choose, sort, look
up, switch, desktop and telephone width, print, dark; each segment whole; every term in the glossary; the questions of
questions.toml answered by the page alone. Screenshots go into the folder OUT.
"""

import json
import pathlib
import re
import sys
import tomllib

from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).parent
QUESTIONS = tomllib.loads((HERE / "questions.toml").read_text())["question"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
# Words that a reader may not know: where one stands on the page, the glossary has it.
TERMS = ["segment", "silhouette", "index", "standard deviation", "outcome", "redraw", "border", "rule", "effect",
         "Davies-Bouldin", "WCSS", "elbow", "holds", "feature", "pseudonym", "fingerprint", "seed", "recipe", "placed",
         "smallest", "everyone", "typical", "separation", "lift", "confidence interval", "control group", "importance", "gauge",
         "outlier", "start", "agree", "BIC", "gap", "Calinski-Harabasz", "RFM", "recency", "frequency", "monetary",
         "skewed", "log1p", "log loss", "tree", "component", "prediction", "left alone", "point", "condition", "vote"]
# A4 between its margins, in pixels.
PAPER = 688
CONTRAST = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  const behind = of => {
    for (let at = of; at; at = at.parentElement) {
      const back = rgb(getComputedStyle(at).backgroundColor);
      if (back.length === 3 || back[3] > 0) return back;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const of of document.querySelectorAll('main *, header *')) {
    const own = [...of.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || !of.getClientRects().length) continue;
    const style = getComputedStyle(of);
    const [a, b] = [light(rgb(of.closest('svg') ? style.fill : style.color)), light(behind(of))];
    if ((Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 4.5) poor.push(of.textContent.trim().slice(0, 40));
  }
  return poor;
}"""
CUT = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const {width, height} = svg.viewBox.baseVal;
  return [...svg.querySelectorAll('text')].filter(text => {
    if (!text.getClientRects().length) return false;
    const box = text.getBBox();
    return box.x < -2 || box.x + box.width > width + 2 || box.y < -2 || box.y + box.height > height + 3;
  }).map(text => svg.querySelector('title').textContent + ': ' + text.textContent);
})"""


def check(told, what):
    if not told:
        raise AssertionError(what)


def opened(browser, report, **options):
    """A page of its own; every error and every request to somewhere is noted."""
    context = browser.new_context(**options)
    page = context.new_page()
    noted = []
    page.on("console", lambda message: noted.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: noted.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else noted.append(request.url))
    page.goto(report.resolve().as_uri())
    return context, page, noted


def shown(page):
    """The answer that is shown."""
    visible = page.locator("section.answer:visible")
    check(visible.count() == 1, f"{visible.count()} answers are shown")
    return visible


def is_of_model(page):
    """Whether it tells of a saved model, without a comparison."""
    return page.locator("#comparison").count() == 0


def answers_questions(page):
    cards = page.locator("section.answer:visible article").count()
    for question in QUESTIONS:
        if question.get("study") and is_of_model(page):
            continue
        scope = "section.answer:not([hidden]) " if question.get("each") else ""
        texts = page.locator(scope + question["where"]).all_inner_texts()
        check(len(texts) == cards if question.get("each") else len(texts) == 1, f"{question['asks']}: {len(texts)} places")
        silent = [text for text in texts if not re.search(question["says"], text)]
        check(not silent, f"{question['asks']}: {silent[:2]}")


def has_its_terms(page):
    text = page.locator("main").inner_text()
    glossary = " ".join(page.locator("#glossary dt").all_inner_texts()).lower()
    body = text.replace(page.locator("#glossary").inner_text(), "").lower()
    missing = [term for term in TERMS if term.lower() in body and term.lower() not in glossary]
    check(not missing, f"not in the glossary: {missing}")


def chooses(page):
    answer = shown(page)
    ticks = answer.locator(".choose input")
    cards = answer.locator("article")
    whole = cards.count()
    check(ticks.count() == whole, "not one tick a segment")
    ticks.nth(0).uncheck()
    check(answer.locator("article:visible").count() == whole - 1, "an unticked segment is still shown")
    check(answer.locator("table.beside thead th:visible").count() == whole - 1 + 5, "its column is still shown")
    answer.locator(".choose button").click()
    check(answer.locator("article:visible").count() == whole, "all are not shown again")


def sorts(page):
    table = shown(page).locator("table.overview")
    values = lambda: [float(cell.get_attribute("data-value")) for cell in table.locator("tbody tr td:nth-child(2)").all()]
    button = table.locator("thead th").nth(1).locator("button")
    button.click()
    check(values() == sorted(values(), reverse=True), "not sorted by falling size")
    button.click()
    check(values() == sorted(values()), "not sorted by rising size")
    check(table.locator("thead th").nth(1).get_attribute("aria-sort") == "ascending", "the head does not say so")
    button.press("Enter")
    check(values() == sorted(values(), reverse=True), "not sorted by key")


def switches(page):
    inputs = page.locator("input[name=answer]")
    check(inputs.count() > 1, "no other answer to switch to")
    first = shown(page).get_attribute("data-answer")
    inputs.nth(1).check()
    other = shown(page).get_attribute("data-answer")
    check(other == inputs.nth(1).get_attribute("value") != first, "the other answer is not shown")
    answers_questions(page)
    inputs.nth(0).check()
    check(shown(page).get_attribute("data-answer") == first, "the first answer does not come back")


def moves(page):
    """Where two periods are told of, the table adds up to the sentence above it."""
    table = page.locator("#moves")
    if table.count() == 0:
        return
    number = lambda text: int(text.replace(",", ""))
    rows = [[number(cell) for cell in row.locator("td").all_inner_texts()] for row in table.locator("tbody tr").all()]
    came = [row for row, head in zip(rows, table.locator("tbody th").all_inner_texts()) if head == "new"]
    before = sum(map(sum, rows)) - sum(map(sum, came))
    said = page.locator("#migration .lead").inner_text()
    check(f"Of {before:,} customers" in said, f"{before} customers before, but: {said}")


def looks_up(page):
    data = page.locator("#look-up-data")
    if data.count() == 0:
        check(page.locator("#no-look-up").count() == 1, "nothing says why there is no look-up")
        return
    kept = json.loads(data.text_content())
    digits, ids = kept["digits"], kept["ids"]
    for at in {0, len(ids) // digits // 2, len(ids) // digits - 1}:
        page.fill("#pseudonym", ids[at * digits:(at + 1) * digits].upper() + "abcdef")
        page.click("#look-up button")
        told = page.locator("#looked-up li").all_inner_texts()
        check(len(told) == len(kept["segments"]), f"{told}")
        for nth, text in enumerate(told):
            number = kept["segments"][nth][at]
            check((f" {number} · " in text) if number else "no segment" in text, f"{text}: not {number}")
            next_good = kept["next"][nth][at] if kept["next"] else 0
            check((kept["goods"][next_good - 1] in text) if next_good else "offer" not in text, f"{text}: not {next_good}")
    page.fill("#pseudonym", "zz")
    page.press("#pseudonym", "Enter")
    check("not in the report" in page.locator("#looked-up").inner_text(), "a wrong pseudonym is not told")


def fits(page, width):
    wide = page.evaluate("document.documentElement.scrollWidth")
    check(wide <= width, f"the page is {wide} wide on a screen of {width}")


def prints(page):
    """On paper nothing can be scrolled to: all tables and pictures end on the sheet."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    wide = page.evaluate("""width => [...document.querySelectorAll('table, svg, pre, p')]
        .filter(of => of.getClientRects().length && of.getBoundingClientRect().right > width + 1).map(of => of.textContent.trim().slice(0, 40))""", PAPER)
    check(not wide, f"cut on paper: {wide}")
    check(page.locator(".tools:visible, nav:visible").count() == 0, "tools are printed")


def is_readable(page):
    poor = page.evaluate(CONTRAST)
    check(not poor, f"too little contrast: {poor[:5]}")
    cut = page.evaluate(CUT)
    check(not cut, f"cut in a picture: {cut[:5]}")


def is_accessible(page):
    check(page.evaluate("[...document.querySelectorAll('table')].every(t => t.caption && t.querySelector('thead th[scope=col]'))"), "a table without a caption or heads")
    check(page.evaluate("[...document.querySelectorAll('tbody tr')].every(r => r.querySelector('th[scope=row]'))"), "a row without a head")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    check(len(ids) == len(set(ids)), "an id stands twice")
    dead = page.evaluate("[...document.querySelectorAll('a[href^=\\'#\\']')].map(a => a.hash.slice(1)).filter(id => !document.getElementById(id))")
    check(not dead, f"links to nowhere: {dead}")
    check(page.evaluate("[...document.querySelectorAll('svg')].every(s => s.getAttribute('role') === 'img' && s.querySelector('title').textContent && s.querySelector('desc').textContent)"), "a picture without words")
    check(page.evaluate("[...document.querySelectorAll('input')].every(i => i.labels.length > 0)"), "an input without a label")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    check(levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])), f"headings jump: {levels}")
    check(page.evaluate("document.documentElement.lang") == "en", "no language")


def drive(browser, report, out):
    name = report.stem
    context, page, noted = opened(browser, report, viewport={"width": 1280, "height": 900})
    answers_questions(page)
    has_its_terms(page)
    chooses(page)
    sorts(page)
    if not is_of_model(page):
        switches(page)
    looks_up(page)
    moves(page)
    is_accessible(page)
    is_readable(page)
    fits(page, 1280)
    page.screenshot(path=out / f"{name}-desktop.png", full_page=True)
    prints(page)
    page.pdf(path=out / f"{name}.pdf", format="A4")
    check(not noted, f"errors or requests: {noted}")
    context.close()
    for kind, options in {
        "phone": {"viewport": {"width": 390, "height": 844}},
        "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
        "scriptless": {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False},
    }.items():
        context, page, noted = opened(browser, report, **options)
        if kind == "phone":
            fits(page, 390)
            chooses(page)
            sorts(page)
            looks_up(page)
            fits(page, 390)
        if kind == "dark":
            is_readable(page)
        if kind == "scriptless":
            check(page.locator("article:visible").count() == page.locator("article").count() > 0, "cards are missing without script")
            check(page.locator(".tools:visible").count() == 0, "tools are shown that do nothing")
        page.screenshot(path=out / f"{name}-{kind}.png", full_page=True)
        check(not noted, f"{kind}: errors or requests: {noted}")
        context.close()


def main():
    chromium, out, *reports = sys.argv[1:]
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    failed = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for report in map(pathlib.Path, reports):
            try:
                drive(browser, report, out)
                print(f"report: {report.name} opens, is driven and answers")
            except AssertionError as error:
                failed = True
                print(f"report: {report.name}: {error}")
        browser.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
