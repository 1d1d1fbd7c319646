"""Drawing: glyphs, colours, styled lines; knows no widgets. May use the model."""
