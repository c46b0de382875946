// The library refuses to load before this polyfill; importing it through this file keeps the order.
import "reflect-metadata";

export * from "@peculiar/x509";
