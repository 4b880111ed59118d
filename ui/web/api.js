// The HTTP API of this origin; nothing else is ever contacted.

export class Failure extends Error {
  constructor(error, message, status) {
    super(message);
    this.error = error;
    this.status = status;
  }
}

async function checked(response) {
  if (response.ok) return response;
  let body = {};
  try {
    body = await response.json();
  } catch {
    // Not ours: keep the status alone.
  }
  throw new Failure(body.error ?? "Unknown", body.message ?? `Status ${response.status}`, response.status);
}

async function send(path, options) {
  try {
    return await checked(await fetch(path, { credentials: "same-origin", ...options }));
  } catch (error) {
    if (error instanceof Failure || error.name === "AbortError") throw error;
    throw new Failure("Unreachable", "Pincite does not answer. Is `pincite serve` still running?", 0);
  }
}

export const get = async (path) => (await send(path)).json();
export const remove = (source) => send(`/v1/sources/${encodeURIComponent(source)}?now=true`, { method: "DELETE" });

/** A reader's word against a verdict; kept for those who may read the answer. */
export const object = (answer, body) =>
  send(`/v1/answers/${encodeURIComponent(answer)}/feedback`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

/** The events of a stream, in order; ends with the stream. */
async function* events(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const frames = rest.split("\n\n");
      rest = frames.pop();
      for (const frame of frames) {
        const data = frame.split("\n").find((line) => line.startsWith("data: "));
        if (data) yield JSON.parse(data.slice(6));
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

export async function* ask(body, signal) {
  const response = await send("/v1/ask", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ ...body, drafts: true }),
    signal,
  });
  yield* events(response);
}

export async function* progress() {
  yield* events(await send("/v1/ingest/events"));
}

/** One file; `onprogress` gets the share that has been sent. */
export function upload(file, collection, onprogress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("collection", collection);
    form.append("origin", file.webkitRelativePath || file.name);
    form.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/sources");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onprogress(event.loaded / event.total);
    request.onload = () => {
      const body = request.response ?? {};
      if (request.status < 300) resolve(body.accepted[0]);
      else reject(new Failure(body.error, body.message ?? `Status ${request.status}`, request.status));
    };
    request.onerror = () => reject(new Failure("Unreachable", "The upload was cut off.", 0));
    request.send(form);
  });
}

export const pictureUrl = (source, page, dpi) =>
  `/v1/sources/${encodeURIComponent(source)}/pages/${page}.png?dpi=${dpi}`;
export const frameUrl = (source, seconds) =>
  `/v1/sources/${encodeURIComponent(source)}/frames/${Math.round(seconds * 1000)}.png`;
export const originalUrl = (source) => `/v1/sources/${encodeURIComponent(source)}/original`;
export const generatedUrl = (picture) => `/v1/generated/${encodeURIComponent(picture)}.png`;
export const dossierUrl = (answer) => `/v1/answers/${encodeURIComponent(answer)}/dossier.zip`;
