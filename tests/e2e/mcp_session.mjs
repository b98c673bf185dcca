// Talks to MiniMax's own MCP server over stdio, as an assistant does, and has it do one thing with
// each of its tools.
//   MINIMAX_API_HOST=… MINIMAX_API_KEY=… node mcp_session.mjs SERVER.js DIRECTORY
// Prints one JSON object: what each tool said.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [server, directory] = process.argv.slice(2);
const recording = join(directory, 'sailor.mp3');
writeFileSync(recording, 'ID3 a sailor, recorded at sea');

const child = spawn('node', [server], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, MINIMAX_MCP_BASE_PATH: directory, MINIMAX_RESOURCE_MODE: 'local' },
});
const waiting = new Map();
createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
});

let last = 0;
const say = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
function ask(method, params) {
    const id = ++last;
    return new Promise((resolve) => {
        waiting.set(id, resolve);
        say({ id, method, params });
    });
}

await ask('initialize', {
    protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'test', version: '1' },
});
say({ method: 'notifications/initialized' });

const tools = [
    ['text_to_audio', { text: 'ahoy there' }],
    ['list_voices', {}],
    ['voice_clone', { voiceId: 'sailor-of-mcp', audioFile: recording, text: 'ahoy' }],
    ['text_to_image', { prompt: 'a kite', n: 2 }],
    ['generate_video', { prompt: 'a kite over dunes' }],
    ['voice_design', { prompt: 'a sailor', previewText: 'ahoy' }],
];
const said = {};
for (const [name, args] of tools) {
    const { result, error } = await ask('tools/call', { name, arguments: args });
    said[name] = error ? `error: ${error.message}` : result.content[0].text;
}
console.log(JSON.stringify(said));
child.kill();
