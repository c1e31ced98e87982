/** The numbers of a run, as far as they have come. */
export class Run {
  constructor({id, session, worker, time, overview}, index) {
    Object.assign(this, {id, session, worker, time, overview, index});
    this.name = worker === "0" ? session : `${session} · ${worker}`;
    this.rows = 0;
    this.more = false;
    this.level = 0;
    this.after = 0;
    this.sealed = 0;
    this.latest = null;
    this.restarts = [];
    this.whole = {x: [], columns: new Map()};
    this.detail = null;
  }

  /** What is drawn: all, or more of some. */
  get x() {
    return (this.detail ?? this.whole).x;
  }

  /** Aligned with x, null where there is no number; null if there is no such column. */
  column(name) {
    return (this.detail ?? this.whole).columns.get(name) ?? null;
  }

  columnNames(prefix = "") {
    return [...this.whole.columns.keys()].filter(name => name.startsWith(prefix));
  }

  /** The newest number of a column. */
  last(name) {
    const values = this.whole.columns.get(name) ?? [];
    for (let i = values.length - 1; i >= 0; i--) {
      if (values[i] !== null) return values[i];
    }
    return null;
  }

  /** What to ask for next. */
  question() {
    return this.rows === 0 ? {run: this.id} : {run: this.id, after: this.after, level: this.level};
  }

  /** Takes over what is new; the last bucket was not full and is replaced. Says whether anything changed. */
  apply(answer) {
    const before = this.rows;
    if (answer.reset) {
      this.whole = {x: [], columns: new Map()};
      this.sealed = 0;
    }
    const {x, columns} = this.whole;
    x.length = this.sealed;
    append(x, answer.x);
    for (const [name, values] of Object.entries(answer.columns)) {
      if (!columns.has(name)) columns.set(name, new Array(this.sealed).fill(null));
      const column = columns.get(name);
      column.length = this.sealed;
      append(column, values);
    }
    this.sealed += answer.sealed;
    this.after = answer.next;
    for (const name of ["level", "rows", "more", "latest", "restarts", "columnsDropped"]) this[name] = answer[name];
    return answer.rows !== before;
  }

  applyDetail(answer) {
    this.detail = {x: answer.x, columns: new Map(Object.entries(answer.columns))};
  }
}

function append(to, values) {
  for (const value of values) to.push(value);
}
