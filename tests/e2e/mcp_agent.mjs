// Orders a film over `genspool mcp`, as an assistant does, while the daemon is killed.
//   GENSPOOL_SOCKET=… node mcp_agent.mjs GENSPOOL DIRECTORY
// Once the order is taken it waits for it, writes DIRECTORY/ordered, and orders the same again when
// there is a DIRECTORY/restarted. Prints one JSON object: what it came to.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const [genspool, directory] = process.argv.slice(2);
const server = spawn(genspool, ['mcp', '--directory', directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
});
const waiting = new Map();
createInterface({ input: server.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
});

let last = 0;
const say = (message) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
function ask(method, params) {
    const id = ++last;
    return new Promise((resolve) => {
        waiting.set(id, resolve);
        say({ id, method, params });
    });
}
async function call(name, args) {
    const { result, error } = await ask('tools/call', {
        name, arguments: args, _meta: { progressToken: name },
    });
    if (error || result.isError) throw new Error(`${name}: ${JSON.stringify(error ?? result)}`);
    return result.structuredContent;
}

await ask('initialize', {
    protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' },
});
say({ method: 'notifications/initialized' });

const order = { kind: 'video', model: 'MiniMax-Hailuo-02', prompt: 'a kite over dunes' };
const first = (await call('submit', order)).job;
// One that the restart takes too long for says to call it again.
const wait = () => call('wait', { id: first.id, seconds: 45 })
    .catch((error) => ({ job: { state: error.message } }));
const begun = wait();
writeFileSync(join(directory, 'ordered'), '');
while (!existsSync(join(directory, 'restarted'))) await pause(10);
const again = (await call('submit', order)).job;
let { job } = await begun;
while (job.state !== 'succeeded') ({ job } = await wait());
const files = (await call('fetch', { id: first.id, directory: 'films' })).job.artifacts;
const jobs = (await call('list', {})).jobs;
server.stdin.end();
const code = await new Promise((resolve) => server.on('exit', resolve));
console.log(JSON.stringify({
    first: first.id, again: again.id, jobs: jobs.length, saved: files[0].saved, code,
}));
