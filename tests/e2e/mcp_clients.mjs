// Has MCP's own clients, of both eras, do one thing with each tool.
//   GENSPOOL_SOCKET=… node mcp_clients.mjs MODULES GENSPOOL DIRECTORY URL TOKEN
// Prints one JSON object: which revision each came to over which transport.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, genspool, directory, url, token] = process.argv.slice(2);
const require = createRequire(join(modules, 'any.js'));
const module = (name) => import(require.resolve(name));
const older = {
    ...await module('@modelcontextprotocol/sdk/client/index.js'),
    ...await module('@modelcontextprotocol/sdk/client/stdio.js'),
    ...await module('@modelcontextprotocol/sdk/client/streamableHttp.js'),
};
const newer = {
    ...await module('@modelcontextprotocol/client'),
    ...await module('@modelcontextprotocol/client/stdio'),
};

function check(condition, words) {
    if (!condition) throw new Error(words);
}

async function call(client, name, args) {
    const result = await client.callTool({ name, arguments: args });
    check(!result.isError, `${name}: ${JSON.stringify(result)}`);
    return result;
}

async function untilDone(client, id) {
    let state = '';
    while (state !== 'succeeded')
        ({ state } = (await call(client, 'wait', { id, seconds: 20 })).structuredContent.job);
}

async function useAll(client, prompt) {
    const { tools } = await client.listTools();
    check(tools.length === 10, 'tools');
    const order = { kind: 'image', model: 'image-01', prompt };
    await call(client, 'kinds', { kind: 'image' });
    const price = await call(client, 'price', order);
    check(price.structuredContent.estimate.cost.unit === 'USD', 'a price');
    const { id } = (await call(client, 'submit', order)).structuredContent.job;
    const again = (await call(client, 'submit', order)).structuredContent.job;
    check(again.id === id, 'the same order is the same job');
    await untilDone(client, id);
    await call(client, 'show', { id });
    await call(client, 'explain', { id });
    check((await call(client, 'list', {})).structuredContent.jobs.length > 0, 'a list');
    const fetched = await call(client, 'fetch', { id });
    const link = fetched.content.find((each) => each.type === 'resource_link');
    const { contents } = await client.readResource({ uri: link.uri });
    check(contents[0].blob.length > 0, 'bytes');
    const { resources } = await client.listResources();
    check(resources.some((each) => each.uri === link.uri), 'a resource');
    check((await client.listResourceTemplates()).resourceTemplates.length === 2, 'templates');
    const later = { kind: 'image', model: 'image-01', prompt: `${prompt}, later`, not_before: '+2h' };
    const held = (await call(client, 'submit', later)).structuredContent.job;
    await call(client, 'cancel', { id: held.id });
    await call(client, 'retry', { id: held.id });
    await untilDone(client, held.id);
    const wrong = await client.callTool({ name: 'submit', arguments: { kind: 'image' } });
    check(wrong.isError && wrong.content[0].text.includes('nothing was bought'), 'a refusal');
}

const info = { name: 'test', version: '1' };
const requestInit = { headers: { Authorization: `Bearer ${token}` } };
const ways = {
    stdio: (sdk) => new sdk.StdioClientTransport({
        command: genspool, args: ['mcp', '--directory', directory], env: process.env,
    }),
    http: (sdk) => new sdk.StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }),
};
const came = {};
for (const [way, transport] of Object.entries(ways)) {
    const client = new older.Client(info);
    await client.connect(transport(older));
    await useAll(client, `a kite, ${way}`);
    came[`older ${way}`] = client.getServerVersion().name;
    await client.close();
    const next = new newer.Client(info, { versionNegotiation: { mode: 'auto' } });
    await next.connect(transport(newer));
    await useAll(next, `a newer kite, ${way}`);
    came[`newer ${way}`] = next.getNegotiatedProtocolVersion();
    await next.close();
}
console.log(JSON.stringify(came));
