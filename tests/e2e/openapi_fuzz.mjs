// Makes up requests from the API's own description: valid, nearly valid, and nonsense. Every answer's
// status must stand there, its body must fit, and nothing may go wrong inside.
//   node openapi_fuzz.mjs AJV SOCKET DIRECTORY SEED REQUESTS
// AJV is the library's directory, DIRECTORY one where backups may be made.
import { request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';

const [ajvPlace, socketPath, directory, seed, requests] = process.argv.slice(2);
const { default: Ajv } = createRequire(import.meta.url)(`${ajvPlace}/dist/2020.js`);

// mulberry32: the same seed, the same requests.
let state = Number(seed) >>> 0;
const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
};
const below = (count) => Math.floor(random() * count);
const pick = (list) => list[below(list.length)];
const chance = (share) => random() < share;

const send = (method, path, headers = {}, body = undefined) => new Promise((resolve, reject) => {
    const call = httpRequest({ socketPath, method, path, headers, timeout: 60000 }, (reply) => {
        const type = (reply.headers['content-type'] ?? '').split(';')[0];
        const answer = { status: reply.statusCode, type, headers: reply.headers, body: '' };
        if (type === 'text/event-stream') {  // it does not end by itself
            call.destroy();
            resolve(answer);
            return;
        }
        reply.setEncoding('utf8');
        reply.on('data', (piece) => { answer.body += piece; });
        reply.on('end', () => resolve(answer));
    });
    call.on('timeout', () => call.destroy(new Error('no answer in a minute')));
    call.on('error', reject);
    call.end(body);
});

const description = JSON.parse((await send('GET', '/openapi.json')).body);
const at = (reference) => reference.slice(2).split('/').reduce((node, name) => node[name], description);
const resolved = (node) => (node?.$ref ? resolved(at(node.$ref)) : node);

// The description lets later releases add members; this release is to have those it names.
const close = (node) => {
    if (Array.isArray(node)) return node.map(close);
    if (node === null || typeof node !== 'object') return node;
    const closed = Object.fromEntries(Object.entries(node).map(([name, each]) => [name, close(each)]));
    if (closed.type === 'object' && closed.properties && closed.additionalProperties === undefined)
        closed.additionalProperties = false;
    return closed;
};
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'api:', components: close(description.components) });
const validators = new Map();
const fault = (value, schema) => {
    const text = JSON.stringify(close(schema)).replaceAll('"#/', '"api:#/');
    if (!validators.has(text)) validators.set(text, ajv.compile(JSON.parse(text)));
    const validate = validators.get(text);
    return validate(value) ? '' : ajv.errorsText(validate.errors);
};

// What has been met on the way, and so may exist.
const known = { job: [], batch: [], cursor: ['1', '7'], account: ['main'], name: ['ops'] };
const meet = (value) => {
    if (Array.isArray(value)) return value.slice(0, 20).forEach(meet);
    if (value === null || typeof value !== 'object') return;
    if (typeof value.id === 'string') known['states' in value ? 'batch' : 'job'].push(value.id);
    if (typeof value.batch === 'string') known.batch.push(value.batch);
    if (typeof value.next === 'string') known.cursor.push(value.next);
    Object.values(value).forEach(meet);
};

const odd = ['', ' ', '\0', '\u202e', 'ä€𝄞', '%', '../..', '-1', '0', 'null', 'true', '{}', '1e999',
    'a'.repeat(300), '2026-12-01', '+5m', "' or 1=1", '\r\nX: y', '18446744073709551616', '٣'];
const text = (schema) => {
    if (schema.examples) return pick(schema.examples);
    if (schema.format === 'date') return `2026-12-0${1 + below(9)}`;
    if (schema.pattern?.includes('sha256')) return `sha256:${'0'.repeat(64)}`;
    if (schema.pattern?.startsWith('^[0-9]') || schema.pattern?.startsWith('^[1-9]')) return String(1 + below(99));
    if (schema.pattern === '^[^=]+=') return `film=reel-${below(3)}`;
    if (known.job.length && chance(0.2)) return pick(known.job);
    return 'abcdefgh'.slice(0, Math.max(schema.minLength ?? 0, 1 + below(8)));
};

const make = (schema, depth = 0) => {
    schema = resolved(schema);
    if (schema === true || depth > 8) return null;
    if (schema.examples && schema.type === 'object' && chance(0.8)) return structuredClone(pick(schema.examples));
    if ('const' in schema) return schema.const;
    if (schema.enum) return pick(schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return make(pick(choices), depth + 1);
    switch ([schema.type].flat()[0]) {
        case 'string': return text(schema);
        case 'integer': return (schema.minimum ?? 0) + below(Math.min((schema.maximum ?? 99) - (schema.minimum ?? 0), 99) + 1);
        case 'number': return below(1000) / 100;
        case 'boolean': return chance(0.5);
        case 'array': return Array.from({ length: (schema.minItems ?? 0) + below(3) }, () => make(schema.items, depth + 1));
        case 'object': {
            const made = {};
            for (const [name, member] of Object.entries(schema.properties ?? {}))
                if (schema.required?.includes(name) || chance(0.3)) made[name] = make(member, depth + 1);
            return made;
        }
        default: return pick([null, 7, 'text', [], {}]);
    }
};

const oddValue = () => pick([null, true, -1, 0, 1.5, 1e300, 9007199254740993, [], {}, [[[[]]]], ...odd]);
/// One thing about it is changed.
const spoil = (value) => {
    if (Array.isArray(value) && value.length && chance(0.7)) {
        const index = below(value.length);
        return value.map((each, n) => (n === index ? spoil(each) : each));
    }
    if (value && typeof value === 'object' && !Array.isArray(value)) {
        const names = Object.keys(value);
        const name = names.length && chance(0.8) ? pick(names) : pick(odd);
        const spoiled = { ...value };
        if (chance(0.3)) delete spoiled[name];
        else spoiled[name] = spoil(value[name]);
        return spoiled;
    }
    return oddValue();
};

const parameterValue = (parameter, operation) => {
    const { name } = parameter;
    if (name === 'Prefer') return pick(['wait=0', 'wait=x', 'respond-async', 'wait=']);
    if (name === 'Idempotency-Key') return pick(['one', 'two', `key-${below(1000)}`]);
    if (name === 'cursor' && parameter.schema.format !== 'date') return pick(known.cursor);
    const isBatch = name === 'batch' || (name === 'id' && operation.tags[0] === 'Batches');
    if (isBatch && known.batch.length) return pick(known.batch);
    if ((name === 'id' || name === 'job') && known.job.length) return pick(known.job);
    if (name === 'rest') return pick(['models', 'files?purpose=voice_clone', 'files', 'voices', 'tasks', 'plan', 'batches',
        'v1/files/list', 'v1/query/video_generation?task_id=1', 'v1/video_generation', 'v1/t2a_v2', 'accounts', 'jobs']);
    if (known[name]) return pick(known[name]);
    return make(parameter.schema);
};

const bodyFor = (operation, mood, headers) => {
    const content = Object.entries(operation.requestBody?.content ?? {});
    if (!content.length) return chance(0.1) ? '{}' : undefined;
    const [type, media] = pick(content);
    headers['content-type'] = type === '*/*' ? pick(['text/plain', 'image/png', 'application/octet-stream']) : type;
    if (!operation.requestBody.required && mood === 'valid' && chance(0.3)) return undefined;
    if (mood === 'nonsense') {
        if (chance(0.2)) headers['content-type'] = pick(['text/html', 'multipart/form-data; boundary=x', 'x', 'application/json;']);
        return pick(['{', '[', ']', 'null', '7', '"text"', '[]', '{}', '[{}]', '\ufeff{}', '{"a":1}{"b":2}', '\n\n\n',
            '['.repeat(100), `{"kind":${'['.repeat(40)}`, '{"kind":"video","request":{"a":1e999}}', Buffer.from([0xff, 0xfe, 0, 1]),
            `{"request":${JSON.stringify('x'.repeat(70000))}}`]);
    }
    if (type === '*/*') return `some bytes ${below(10)}`;
    const one = () => {
        let value = make(media.schema);
        if (operation.operationId === 'backUp') value = { directory: `${directory}/backup-${below(1e9)}` };
        if (mood !== 'nearly') return value;
        const spoiled = spoil(value);
        // It would be made there, wherever that is.
        if (operation.operationId === 'backUp' && spoiled?.directory?.startsWith?.('/')) spoiled.directory = value.directory;
        return spoiled;
    };
    const isLines = type.endsWith('jsonl') || type.endsWith('ndjson');
    return isLines ? Array.from({ length: 1 + below(4) }, () => JSON.stringify(one())).join('\n') : JSON.stringify(one());
};

const makeRequest = (path, method, operation) => {
    const mood = pick(['valid', 'nearly', 'nearly', 'nonsense']);
    const headers = {};
    const query = [];
    let target = path;
    for (const each of operation.parameters ?? []) {
        const parameter = resolved(each);
        if (!parameter.required && !chance(0.25)) continue;
        const spoiled = mood === 'nonsense' && chance(0.5) || mood === 'nearly' && chance(0.3);
        const value = spoiled ? pick(odd) : parameterValue(parameter, operation);
        if (parameter.in === 'path') {
            const raw = parameter.name === 'rest' && !spoiled;
            target = target.replace(`{${parameter.name}}`, raw ? value : encodeURIComponent(value));
        } else if (parameter.in === 'query') {
            for (const one of [value].flat()) query.push(`${parameter.name}=${encodeURIComponent(one)}`);
        } else {
            headers[parameter.name] = String(value).replace(/[^\x20-\x7e]/g, '?');
        }
    }
    if (mood !== 'valid' && chance(0.1)) query.push(pick(['x=1', '%', 'a=%zz', '=', '&&', 'limit=1&limit=x']));
    if (query.length) target += (target.includes('?') ? '&' : '?') + query.join('&');
    const body = bodyFor(operation, mood, headers);
    return { method: method.toUpperCase(), target, headers, body };
};

const isLines = (type) => type === 'application/jsonl';
/// What is wrong with an answer; empty: nothing.
const judge = (operation, reply) => {
    const { status } = reply;
    const upstream = operation.operationId.endsWith('Upstream') || operation.tags[0] === 'Gateway';
    const honest = upstream ? [501, 502, 503, 504, 507] : [503, 507];
    if (status >= 500 && !honest.includes(status)) return 'something went wrong inside';
    const answer = resolved(operation.responses[status] ?? operation.responses[`${String(status)[0]}XX`]);
    if (!answer) return 'the status is not foreseen';
    if (!answer.content) return reply.body === '' ? '' : 'a body where none is foreseen';
    const media = answer.content[reply.type] ?? answer.content['*/*'];
    if (!media) return `the type ${reply.type} is not foreseen`;
    if (isLines(reply.type)) {
        const bad = reply.body.split('\n').filter(Boolean).map((line) => fault(JSON.parse(line), media.schema)).find(Boolean);
        return bad ?? '';
    }
    if (!reply.type.endsWith('json')) return '';
    const value = JSON.parse(reply.body);
    meet(value);
    return fault(value, media.schema);
};

const operations = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [path, method, operation]));
console.log(`seed ${seed}: ${operations.length} operations`);
const statuses = {};
let faults = 0;
for (let n = 0; n < Number(requests); ++n) {
    // Each once to begin with; then those that hand in jobs more often, so that there is something to find.
    const chosen = n < operations.length ? operations[n] : chance(0.2) ? operations[0] : pick(operations);
    const [path, method, operation] = chosen;
    const made = makeRequest(path, method, operation);
    let wrong;
    let reply;
    try {
        reply = await send(made.method, made.target, made.headers, made.body);
        wrong = judge(operation, reply);
    } catch (error) {
        wrong = `no answer: ${error.message}`;
    }
    statuses[reply?.status] = (statuses[reply?.status] ?? 0) + 1;
    if (!wrong) continue;
    console.log(`request ${n}: ${made.method} ${made.target} ${JSON.stringify(made.headers)} ${String(made.body).slice(0, 500)}`);
    console.log(`  ${reply?.status} ${reply?.body.slice(0, 1000)}\n  ${wrong}`);
    if (++faults === 20) break;
}
console.log(JSON.stringify(statuses));
const well = await send('GET', '/readyz');
if (well.status !== 200) console.log(`not ready at the end: ${well.status}`);
process.exit(faults || well.status !== 200 ? 1 : 0);
