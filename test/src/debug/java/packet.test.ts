import { expect, test } from 'vitest';
import { makeCommand, makePacketReader, makeReply, type Packet } from '../../../../src/debug/java/packet.ts';

function reading() {
  const packets: Packet[] = [];
  const wrong: true[] = [];
  const read = makePacketReader(
    (packet) => packets.push(packet),
    () => wrong.push(true),
  );
  return { packets, wrong, read };
}

test('packets are read however the bytes are cut', () => {
  const stream = Buffer.concat([
    makeCommand(7, '15.1', Buffer.from('abc')),
    makeReply(8),
    makeCommand(9, '1.9'),
  ]);
  for (const size of [1, 3, 11, stream.length]) {
    const { packets, read } = reading();
    for (let at = 0; at < stream.length; at += size) read(stream.subarray(at, at + size));
    expect(packets).toMatchObject([
      { id: 7, kind: 'command', command: '15.1', data: Buffer.from('abc') },
      { id: 8, kind: 'reply', command: '', error: 0 },
      { id: 9, kind: 'command', command: '1.9' },
    ]);
    expect(Buffer.concat(packets.map(({ bytes }) => bytes))).toEqual(stream);
  }
});

test.each([3, 0xffffffff])('a length of %i is no packet, and nothing is read behind it', (length) => {
  const { packets, wrong, read } = reading();
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  read(head);
  read(makeCommand(1, '1.1'));
  expect(packets).toEqual([]);
  expect(wrong).toEqual([true]);
});
