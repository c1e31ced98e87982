function canonical(parameters) {
  return Object.entries(parameters)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([a], [b]) => a < b ? -1 : 1);
}

/** Asks the server. */
export function server(root) {
  return {
    recorded: false,
    async get(question, parameters = {}) {
      const query = new URLSearchParams(canonical(parameters)).toString();
      const response = await fetch(`${root}/api/${question}${query && "?" + query}`);
      const answer = await response.json();
      if (!response.ok) throw Object.assign(new Error(answer.error), {status: response.status});
      return answer;
    },
  };
}

/** Finds the answers in the document. */
export function recording(page, answers) {
  return {
    recorded: true,
    async get(question, parameters = {}) {
      const query = canonical(parameters).map(([name, value]) => `${name}=${value}`).join("&");
      const key = `${page}/${question}${query && "?" + query}`;
      if (!Object.hasOwn(answers, key)) throw new Error("the report does not hold this");
      return answers[key];
    },
  };
}
