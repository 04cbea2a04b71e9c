import { DefaultSerializer, Deserializer } from 'node:v8';

/** A row as bytes: the structured clone IndexedDB would keep, so that engines see the same in both stores. */
export function encodeRow(row: unknown): Buffer {
  const writer = new RowWriter();
  writer.writeHeader();
  writer.writeValue(row);
  return writer.releaseBuffer();
}

/** @returns the row; its byte arrays own their memory */
export function decodeRow<Row>(bytes: Uint8Array): Row {
  const reader = new RowReader(bytes);
  reader.readHeader();
  return reader.readValue() as Row;
}

class RowWriter extends DefaultSerializer {
  /**
   * Called by V8 for what it does not write itself. Byte arrays are among it: V8 would write a view's whole
   * buffer, which for a pooled Buffer holds memory that is not the row's.
   */
  _writeHostObject(value: object): void {
    if (!(value instanceof Uint8Array)) {
      const name = value.constructor.name;
      throw new TypeError(`row: expected plain values and Uint8Array, got ${name}; files keep no ${name}`);
    }
    this.writeUint32(value.byteLength);
    this.writeRawBytes(value);
  }
}

class RowReader extends Deserializer {
  _readHostObject(): Uint8Array {
    return new Uint8Array(this.readRawBytes(this.readUint32()));
  }
}
