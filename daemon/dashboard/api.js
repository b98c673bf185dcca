// Calls of genspool's API. What it refuses is thrown as a Problem, in its own words.

export class Problem extends Error {
    constructor(status, body) {
        super(body.detail ?? body.title ?? `The daemon answered ${status}.`);
        this.status = status;
        this.code = body.code ?? 'unexpected';
        this.title = body.title ?? '';
    }
}

/** Called when the daemon does not know, or no longer knows, who asks. */
let onStranger = () => {};
export const whenStranger = (call) => {
    onStranger = call;
};

async function call(method, path, { body, headers, signal } = {}) {
    let reply;
    try {
        reply = await fetch(path, {
            method,
            signal,
            cache: 'no-store',
            headers: {
                ...headers,
                ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
            },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
    } catch (error) {
        if (error.name === 'AbortError') throw error;
        throw new Problem(0, { code: 'unreachable', detail: 'The daemon cannot be reached.' });
    }
    if (reply.status === 204) return null;
    const answer = await reply.json().catch(() => ({}));
    if (reply.ok) return answer;
    const problem = new Problem(reply.status, answer);
    if (problem.status === 401 && !headers?.Authorization) onStranger();
    throw problem;
}

export const get = (path, signal) => call('GET', path, { signal });
export const post = (path, body) => call('POST', path, { body });

/** Who is signed in; its principal is null where nobody is, which the page is told of as well. */
export async function whoAmI() {
    const session = await call('GET', '/v1/session');
    if (!session.principal) onStranger();
    return session;
}
export const signIn = (token) =>
    call('POST', '/v1/session', { headers: { Authorization: `Bearer ${token}` } });
export const signOut = () => call('DELETE', '/v1/session');

/** "?a=1&b=2" of what is not empty; lists give a name several times. */
export function query(parameters) {
    const out = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
        for (const each of [value].flat())
            if (each !== null && each !== undefined && each !== '') out.append(name, each);
    }
    const text = out.toString();
    return text ? `?${text}` : '';
}
