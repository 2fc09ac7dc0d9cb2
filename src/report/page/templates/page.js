'use strict';
(function () {
  const all = (what, within) => Array.from((within || document).querySelectorAll(what));
  const page = document.documentElement;
  page.classList.add('scripted');

  // One answer at a time.
  const answers = all('section.answer');
  function show(id) {
    answers.forEach(answer => { answer.hidden = answer.dataset.answer !== id; });
    all('input[name=answer]').forEach(input => { input.checked = input.value === id; });
  }
  all('input[name=answer]').forEach(input => input.addEventListener('change', () => show(input.value)));
  if (answers.length) show(answers[0].dataset.answer);

  // Only the segments that are ticked: rows, columns and cards.
  function choose(answer) {
    const off = new Set(all('.choose input', answer).filter(input => !input.checked).map(input => input.value));
    all('[data-segment]', answer).forEach(part => { part.hidden = off.has(part.dataset.segment); });
  }
  answers.forEach(answer => {
    const ticks = all('.choose input', answer);
    ticks.forEach(input => input.addEventListener('change', () => choose(answer)));
    all('.choose button', answer).forEach(button => button.addEventListener('click', () => {
      ticks.forEach(input => { input.checked = true; });
      choose(answer);
    }));
  });

  // A click on a column's head sorts by it, a second one the other way round; everyone stays below.
  function sort(head) {
    const table = head.closest('table');
    const body = table.tBodies[0];
    const at = Array.from(head.parentNode.children).indexOf(head);
    const up = head.getAttribute('aria-sort') === 'descending';
    all('th', table.tHead).forEach(other => other.removeAttribute('aria-sort'));
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const value = row => {
      const text = row.cells[at].dataset.value;
      const number = parseFloat(text);
      return Number.isNaN(number) ? text : number;
    };
    const order = (a, b) => {
      const [x, y] = [value(a), value(b)];
      const less = typeof x === 'string' || typeof y === 'string' ? String(x).localeCompare(String(y)) : x - y;
      return up ? less : -less;
    };
    Array.from(body.rows).sort(order).forEach(row => body.appendChild(row));
  }
  all('th[data-sort]').forEach(head => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => sort(head));
  });

  // A pseudonym among the ascending ones.
  const kept = document.getElementById('look-up-data');
  const field = document.getElementById('pseudonym');
  if (kept && field) {
    const data = JSON.parse(kept.textContent);
    const count = data.ids.length / data.digits;
    const id = at => data.ids.slice(at * data.digits, (at + 1) * data.digits);
    function find(wanted) {
      let low = 0, high = count;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (id(middle) < wanted) low = middle + 1; else high = middle;
      }
      return low < count && id(low) === wanted ? low : -1;
    }
    function told(at) {
      return answers.map((answer, nth) => {
        const number = data.segments[nth][at];
        const card = number ? answer.querySelector('article[data-segment="' + number + '"] h4') : null;
        const name = card ? card.textContent : number ? 'segment ' + number : 'no segment';
        const next = (data.next[nth] || [])[at];
        return answer.dataset.title + ' → ' + name + (next ? '; offer next: ' + data.goods[next - 1] : '');
      });
    }
    document.getElementById('look-up').addEventListener('submit', event => {
      event.preventDefault();
      const wanted = field.value.trim().toLowerCase().slice(0, data.digits);
      const at = wanted.length === data.digits ? find(wanted) : -1;
      const words = at < 0 ? ['This pseudonym is not in the report: type its first ' + data.digits + ' digits.'] : told(at);
      const list = document.getElementById('looked-up');
      list.textContent = '';
      words.forEach(text => {
        const item = document.createElement('li');
        item.textContent = text;
        list.appendChild(item);
      });
    });
  }

  // Light or dark, whatever the system says.
  const theme = document.getElementById('theme');
  if (theme) theme.addEventListener('click', () => {
    const dark = page.dataset.theme ? page.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    page.dataset.theme = dark ? 'light' : 'dark';
  });
  // Printed whole: what is folded opens, but for the columns that stand side by side as well.
  addEventListener('beforeprint', () => all('details:not(.long)').forEach(part => { part.open = true; }));
})();
