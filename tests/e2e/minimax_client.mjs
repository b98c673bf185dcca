// Sends what MiniMax's own MCP server (minimax-mcp-js 0.0.18) sends, call by call, and expects what
// it expects: build/api/*.js of that package is the model. Only its pauses are shorter.
//   MINIMAX_API_HOST=http://…/minimax MINIMAX_API_KEY=TOKEN node minimax_client.mjs
// Prints one JSON object of what came of each tool; exit 1 and a reason otherwise.
import assert from 'node:assert/strict';

const host = process.env.MINIMAX_API_HOST;
const key = process.env.MINIMAX_API_KEY;

async function request(method, endpoint, data) {
    const headers = { Authorization: `Bearer ${key}`, 'MM-API-Source': 'Minimax-MCP-JS' };
    let body;
    if (data instanceof FormData) {
        body = data;
    } else if (data !== undefined) {
        headers['Content-Type'] = 'application/json';
        body = JSON.stringify(data);
    }
    const response = await fetch(host + endpoint, { method, headers, body });
    assert.ok(response.ok, `${endpoint}: HTTP ${response.status}`);
    const answer = await response.json();
    const told = answer.base_resp;
    if (told && told.status_code !== 0) throw new Error(`API Error: ${told.status_msg}`);
    return answer;
}

const get = (endpoint) => request('GET', endpoint);
const post = (endpoint, data) => request('POST', endpoint, data);

/** As it loads what is behind a link: without the key. */
async function download(url) {
    const response = await fetch(url);
    assert.ok(response.ok, `${url}: HTTP ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
}

async function textToAudio(outputFormat) {
    const data = {
        model: 'speech-02-hd',
        text: 'ahoy',
        voice_setting: { voice_id: 'male-qn-qingse', speed: 1, vol: 1, pitch: 0, emotion: 'happy' },
        audio_setting: { sample_rate: 32000, bitrate: 128000, format: 'mp3', channel: 1 },
        language_boost: 'auto',
    };
    if (outputFormat) data.output_format = outputFormat;
    const answer = await post('/v1/t2a_v2', data);
    assert.ok(answer.data.audio, 'Could not get audio data from response');
    return outputFormat ? (await download(answer.data.audio)).length
                        : Buffer.from(answer.data.audio, 'hex').length;
}

async function listVoices() {
    const answer = await post('/v1/get_voice', { voice_type: 'all' });
    return (answer.system_voice || []).length;
}

async function cloneVoice() {
    const form = new FormData();
    form.append('purpose', 'voice_clone');
    form.append('file', new Blob(['ID3 a sailor, recorded at sea']), 'sailor.mp3');
    const uploaded = await post('/v1/files/upload', form);
    const fileId = uploaded.file.file_id;
    assert.ok(Number.isSafeInteger(fileId), `file_id ${fileId} is damaged by JavaScript`);
    const answer = await post('/v1/voice_clone', {
        file_id: fileId, voice_id: 'sailor-of-mcp', text: 'ahoy', model: 'speech-02-hd',
    });
    return (await download(answer.demo_audio)).length;
}

async function generateImage() {
    const answer = await post('/v1/image_generation', {
        model: 'image-01', prompt: 'a kite', aspect_ratio: '1:1', n: 2, prompt_optimizer: true,
    });
    const urls = answer.data.image_urls;
    assert.ok(Array.isArray(urls) && urls.length > 0, 'Unable to get image URLs from response');
    for (const url of urls) await download(url);
    return urls.length;
}

async function generateVideo() {
    const created = await post('/v1/video_generation', { model: 'MiniMax-Hailuo-02', prompt: 'a kite' });
    const taskId = created.task_id;
    assert.ok(taskId, 'Unable to get task ID from response');
    for (let attempt = 0; attempt < 600; ++attempt) {
        const answer = await get(`/v1/query/video_generation?task_id=${taskId}`);
        if (answer.status === 'Fail') throw new Error(`Video generation task failed, ${taskId}`);
        if (answer.status === 'Success') {
            assert.ok(answer.file_id, 'File ID missing in success response');
            const file = await get(`/v1/files/retrieve?file_id=${answer.file_id}`);
            return (await download(file.file.download_url)).length;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('Failed to get file ID');
}

async function designVoice() {
    const answer = await post('/v1/voice_design', { prompt: 'a sailor', preview_text: 'ahoy' });
    assert.ok(answer.voice_id, 'no voice');
    return Buffer.from(answer.trial_audio, 'hex').length;
}

async function refused() {
    try {
        await post('/v1/video_generation', { model: 'MiniMax-Hailuo-02', prompt: 'a', duration: 7 });
    } catch (error) {
        return error.message;
    }
    throw new Error('a wrong duration was taken');
}

try {
    console.log(JSON.stringify({
        text_to_audio: await textToAudio(),
        text_to_audio_url: await textToAudio('url'),
        list_voices: await listVoices(),
        voice_clone: await cloneVoice(),
        text_to_image: await generateImage(),
        generate_video: await generateVideo(),
        voice_design: await designVoice(),
        refused: await refused(),
    }));
} catch (error) {
    console.error(error.message);
    process.exit(1);
}
