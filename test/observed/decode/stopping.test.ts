import { faultPerNumber } from "#observed/decode/stopping.js";
import { expect, test } from "vitest";
import { buildEthernet, buildLinuxSll } from "../../support/packet-link.js";
import { decode, LINKTYPE } from "../../support/packet-record.js";

test("a text is made once for each number, and a hostile capture does not fill memory with them", () => {
  let made = 0;
  const faultFor = faultPerNumber((value) => {
    made++;
    return { layer: "number", reason: `number ${value}` };
  });
  expect(faultFor(7)).toBe(faultFor(7));
  expect(made).toBe(1);
  for (let value = 0; value < 5000; value++) faultFor(value);
  const before = made;
  expect(faultFor(4999).reason).toBe("number 4999");
  expect(made).toBe(before + 1);
});

test("the same fault has the same text wherever it is, and where it is beside it", () => {
  const unread = { etherType: 0x88cc, protocol: 0x88cc };
  const [ethernet, cooked] = [
    decode(buildEthernet(unread, new Uint8Array(46))),
    decode(buildLinuxSll(unread, new Uint8Array(46)), { linktype: LINKTYPE.linuxSll }),
  ];
  expect(ethernet.stop?.reason).toBe(cooked.stop?.reason);
  expect([ethernet.stop?.offset, cooked.stop?.offset]).toEqual([14, 16]);
});
