import { expect, test } from "vitest";
import { allowedAddresses, isPublic, networksOf } from "@/adapters/git/public-network";

const none = networksOf([]);

test.each([
	"127.0.0.1",
	"127.9.9.9",
	"0.0.0.0",
	"10.0.0.1",
	"172.16.0.1",
	"172.31.255.255",
	"192.168.1.1",
	"169.254.169.254",
	"100.100.100.200",
	"198.18.0.1",
	"224.0.0.1",
	"255.255.255.255",
	"::",
	"::1",
	"::ffff:127.0.0.1",
	"::ffff:a9fe:a9fe",
	"64:ff9b::7f00:1",
	"fe80::1",
	"fc00::1",
	"fd00:ec2::254",
	"ff02::1",
	"2002:7f00:1::",
	"2001:0:7f00:1::",
	"2001:db8::1",
	"not an address",
])("%s is not the public internet, and is refused", async (address) => {
	expect(isPublic(address)).toBe(false);
	if (address !== "not an address") await expect(allowedAddresses(address, none)).rejects.toThrow("must not reach");
});

test.each(["1.1.1.1", "172.15.0.1", "172.32.0.1", "192.167.0.1", "2606:4700::1111", "2a00:1450::1"])(
	"%s is public",
	async (address) => {
		expect(isPublic(address)).toBe(true);
		expect(await allowedAddresses(address, none)).toEqual([address]);
	},
);

test("a name of this machine is refused until its network is allowed", async () => {
	await expect(allowedAddresses("localhost", none)).rejects.toThrow(/localhost is at .* an operator can allow/);
	expect(await allowedAddresses("localhost", networksOf(["127.0.0.0/8", "::1/128"]))).not.toEqual([]);
	await expect(allowedAddresses("10.2.0.1", networksOf(["10.1.0.0/16"]))).rejects.toThrow("must not reach");
});

test("what is no network is refused", () => {
	for (const text of ["10.0.0.0", "10.0.0.0/33", "x/8", "10.0.0.0/8/8", "::/129", "10.0.0.0/"]) {
		expect(() => networksOf([text])).toThrow("is no network");
	}
});
